import { getKernel, registerKernel } from '@tensorflow/tfjs-core';
import type { DataId, KernelFunc, TypedArray } from '@tensorflow/tfjs-core';

/** The part of the WASM backend that a kernel written in JavaScript needs. */
interface WasmBackend {
  readSync(dataId: DataId): TypedArray;
  makeOutput(shape: number[], dtype: string): { dataId: DataId; shape: number[]; dtype: string };
  typedArrayFromHeap(tensor: { dataId: DataId }): TypedArray;
}

/**
 * The encoder spreads its tokens over a padded matrix with SparseToDense, which the WASM backend
 * of TensorFlow.js 3 lacks (4 has it). The matrix is small: plain JavaScript will do.
 */
export function registerMissingKernels(): void {
  if (getKernel('SparseToDense', 'wasm') != null) return;
  registerKernel({
    kernelName: 'SparseToDense',
    backendName: 'wasm',
    kernelFunc: sparseToDense as unknown as KernelFunc,
  });
}

interface Input {
  readonly dataId: DataId;
  readonly shape: number[];
  readonly dtype: string;
}

function sparseToDense({
  inputs: { sparseIndices, sparseValues, defaultValue },
  backend,
  attrs: { outputShape },
}: {
  readonly inputs: Record<'sparseIndices' | 'sparseValues' | 'defaultValue', Input>;
  readonly backend: WasmBackend;
  readonly attrs: { readonly outputShape: number[] };
}) {
  const output = backend.makeOutput(outputShape, sparseValues.dtype);
  // Reading may move the heap, so it comes before the view on the output.
  const indices = backend.readSync(sparseIndices.dataId);
  const values = backend.readSync(sparseValues.dataId);
  const [fill] = backend.readSync(defaultValue.dataId);
  const dense = backend.typedArrayFromHeap(output).fill(fill!);
  const rank = outputShape.length;
  for (let row = 0; row < indices.length / rank; row++) {
    let at = 0;
    for (let axis = 0; axis < rank; axis++) {
      at = at * outputShape[axis]! + indices[row * rank + axis]!;
    }
    dense[at] = values[sparseValues.shape.length === 0 ? 0 : row]!;
  }
  return output;
}
