//! Products in plain Rust: the definition that the SIMD kernels are held to.

/// Four integers, one a record.
#[derive(Debug, Clone, Copy)]
pub struct Ints([i32; 4]);

/// Four floats, one a record.
#[derive(Debug, Clone, Copy)]
pub struct Floats([f32; 4]);

impl Ints {
    /// Takes four integers over.
    pub fn load(values: &[i32; 4]) -> Self {
        Self(*values)
    }

    /// Hands them out.
    pub fn store(self, values: &mut [i32; 4]) {
        *values = self.0;
    }

    /// Sums, lane by lane.
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
    }

    /// The nearest floats.
    pub fn to_floats(self) -> Floats {
        Floats(self.0.map(|value| value as f32))
    }
}

impl Floats {
    /// The same float four times.
    pub fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    /// Hands them out.
    pub fn store(self, values: &mut [f32; 4]) {
        *values = self.0;
    }

    /// Sums, lane by lane.
    pub fn plus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    /// Differences, lane by lane.
    pub fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }

    /// Products, lane by lane.
    pub fn times(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }

    /// One bit a lane, the first lowest: whether it is at most the other.
    pub fn at_most(self, other: Self) -> u32 {
        (0..4).map(|lane| u32::from(self.0[lane] <= other.0[lane]) << lane).sum()
    }
}

/// Four rows of four floats as their four columns.
pub fn columns(rows: [&[f32; 4]; 4]) -> [Floats; 4] {
    std::array::from_fn(|column| Floats(rows.map(|row| row[column])))
}

/// The inner product of a query and the codes of a record. Both have the same length; the caller
/// bounds the query so that no sum overflows.
pub fn dot(query: &[i16], codes: &[i8]) -> i32 {
    query
        .iter()
        .zip(codes)
        .fold(0, |sum: i32, (&q, &c)| sum.wrapping_add(i32::from(q) * i32::from(c)))
}

/// Four products with the same query.
pub fn dot4(query: &[i16], codes: [&[i8]; 4]) -> Ints {
    Ints(codes.map(|codes| dot(query, codes)))
}
