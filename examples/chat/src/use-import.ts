import { createChatMemory, useVectorIndex, type TurnMetadata } from '@akin/react';
import { useMutation } from '@tanstack/react-query';
import { parseConversation, type ImportedConversation } from './imported-conversation.ts';
import { namespace } from './memory-scope.ts';

/** Remembers a conversation that was written elsewhere, as a conversation of its own. */
export function useImport() {
  const index = useVectorIndex<TurnMetadata>();
  return useMutation<ImportedConversation, Error, Blob>({
    mutationFn: async (file) => {
      const conversation = parseConversation(await file.text());
      const { threadId, turns } = conversation;
      await createChatMemory(index, { namespace, threadId }).remember(turns);
      return conversation;
    },
    networkMode: 'always',
    gcTime: 0,
  });
}
