//! The fixed functions of Rust modules: a module gets those that it names, and those that these name.
//!
//! See nngen/targets/definitions.py. `Num` is the type of the numbers: f64, or f32 with `dtype: float32`.

// what modules state themselves
#![allow(dead_code)]
use core::fmt;

type Num = f64;

pub const PARAMETERS: usize = 1;

pub const LAYOUT: &str = "a layout";

pub type Params = [Num; PARAMETERS];

// what they take

/// What is wrong with an argument or with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The argument, the column of a row, or the file.
    pub place: &'static str,
    /// What it has to be.
    pub expected: &'static str,
}
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.place, self.expected)
    }
}
impl core::error::Error for Error {}

/// An error.
fn refused<T>(place: &'static str, expected: &'static str) -> Result<T, Error> {
    Err(Error { place, expected })
}

/// The size of a number, without its sign.
fn abs(x: Num) -> Num {
    x.abs()
}

/// The greater number; NaN if one is NaN.
fn maximum(a: Num, b: Num) -> Num {
    if b > a || b.is_nan() {
        b
    } else {
        a
    }
}

/// The lesser number; NaN if one is NaN.
fn minimum(a: Num, b: Num) -> Num {
    if b < a || b.is_nan() {
        b
    } else {
        a
    }
}

/// 1 above 0, -1 below it, 0 at it.
fn sign(x: Num) -> Num {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// e to the power of x.
#[allow(unexpected_cfgs)]
fn exp(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::exp(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.exp()
}

/// e to the power of x, minus 1, exact for small x too.
#[allow(unexpected_cfgs)]
fn expm1(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::expm1(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.exp_m1()
}

/// The natural logarithm.
#[allow(unexpected_cfgs)]
fn log(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::log(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.ln()
}

/// log(1 + x), exact for small x too.
#[allow(unexpected_cfgs)]
fn log1p(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::log1p(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.ln_1p()
}

/// The square root.
#[allow(unexpected_cfgs)]
fn sqrt(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::sqrt(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.sqrt()
}

/// The hyperbolic tangent.
#[allow(unexpected_cfgs)]
fn tanh(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::tanh(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.tanh()
}

/// The sine.
#[allow(unexpected_cfgs)]
fn sin(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::sin(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.sin()
}

/// The cosine.
#[allow(unexpected_cfgs)]
fn cos(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::cos(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.cos()
}

/// The largest whole number that is not above x.
#[allow(unexpected_cfgs)]
fn floor(x: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::floor(x.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.floor()
}

/// x to the power of y.
#[allow(unexpected_cfgs)]
fn power(x: Num, y: Num) -> Num {
    #[cfg(feature = "libm")]
    return libm::pow(x.into(), y.into()) as Num;
    #[cfg(not(feature = "libm"))]
    x.powf(y)
}

/// The complementary error function, 1 - erf(x): near 0 by the power series of erf (DLMF 7.6.2),
/// else by the continued fraction (DLMF 7.9.4), from its end.
///
/// exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is exact.
fn erfc(x: Num) -> Num {
    let u = minimum(abs(x), 30.0);
    let h = u - u % 0.0078125;
    let bell = exp(-h * h) * exp((h - u) * (h + u)) / 1.772453850905516; // the square root of pi
    if u < 1.0 {
        let (mut term, mut erf, mut k) = (2.0 * x * bell, 0.0, 1.0);
        while erf + term != erf {
            erf += term;
            term *= 2.0 * x * x / (2.0 * k + 1.0);
            k += 1.0;
        }
        return 1.0 - erf;
    }
    let (mut rest, mut k) = (u, 20.0 - floor(-150.0 / (u * u)));
    while k > 0.0 {
        rest = u + k / 2.0 / rest;
        k -= 1.0;
    }
    if x > 0.0 {
        bell / rest
    } else {
        2.0 - bell / rest
    }
}

/// The largest number.
fn largest(values: &[Num]) -> Num {
    values[1..]
        .iter()
        .fold(values[0], |top, &value| maximum(top, value))
}

/// The sum, added one after the other.
fn sum(values: &[Num]) -> Num {
    values.iter().fold(0.0, |total, value| total + value)
}

/// The sum of products, added one after the other.
fn dot(v: &[Num], w: &[Num]) -> Num {
    v.iter().zip(w).fold(0.0, |total, (a, b)| total + a * b)
}

/// The sum of products of x with each row of a matrix, plus b; for four rows at a time, since each
/// addition waits for the one before it.
fn affine<const N: usize>(rows: &[Num], x: &[Num], b: &[Num]) -> [Num; N] {
    let mut z = [0.0; N];
    let size = x.len();
    let mut fours = z
        .chunks_exact_mut(4)
        .zip(rows.chunks_exact(4 * size))
        .zip(b.chunks_exact(4));
    for ((z, rows), b) in &mut fours {
        let (one, rest) = rows.split_at(size);
        let (two, rest) = rest.split_at(size);
        let (three, four) = rest.split_at(size);
        let mut sums = [0.0; 4];
        for ((((x, one), two), three), four) in x.iter().zip(one).zip(two).zip(three).zip(four) {
            sums[0] += one * x;
            sums[1] += two * x;
            sums[2] += three * x;
            sums[3] += four * x;
        }
        for ((z, sum), b) in z.iter_mut().zip(sums).zip(b) {
            *z = b + sum;
        }
    }
    for i in N - N % 4..N {
        z[i] = b[i] + dot(&rows[size * i..size * (i + 1)], x);
    }
    z
}

/// Add to each of da the sum of products of dz with a column of a matrix.
fn add_columns(da: &mut [Num], rows: &[Num], dz: &[Num]) {
    for (row, dz) in rows.chunks_exact(da.len()).zip(dz) {
        for (da, w) in da.iter_mut().zip(row) {
            *da += w * dz;
        }
    }
}

/// Add the product of each number of dz with each of x to a matrix.
fn add_outer(slopes: &mut [Num], dz: &[Num], x: &[Num]) {
    for (row, dz) in slopes.chunks_exact_mut(x.len()).zip(dz) {
        for (slope, x) in row.iter_mut().zip(x) {
            *slope += dz * x;
        }
    }
}

/// The sum of a term of each number.
fn sum_of(values: &[Num], term: impl Fn(Num) -> Num) -> Num {
    values.iter().fold(0.0, |total, &value| total + term(value))
}

/// The sum of a term for each place.
fn total_of(count: usize, term: impl Fn(usize) -> Num) -> Num {
    (0..count).fold(0.0, |total, i| total + term(i))
}

/// A value for each example of a batch.
fn list<T>(count: usize, value: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(value).collect()
}

/// Add to each sum the slope at a number.
fn add_slopes(sums: &mut [Num], values: &[Num], slope: impl Fn(Num) -> Num) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum += slope(value);
    }
}

/// Refuse the weight of an example that is negative or not finite.
fn check_weight(weight: Num) -> Result<(), Error> {
    if weight >= 0.0 && weight < 1e18 {
        return Ok(());
    }
    refused("weight", "a weight of at least 0 and less than 1e18")
}

/// Refuse weights of another number of examples, and wrong ones.
fn check_weights(weights: &[Num], count: usize) -> Result<(), Error> {
    if weights.len() != count {
        return refused("weights", "a weight for each example");
    }
    weights.iter().try_for_each(|&weight| check_weight(weight))
}

/// Add a vector to sums.
fn add(sums: &mut [Num], values: &[Num]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// An id as the number of a row, if it is a whole number below count.
fn id(value: Num, count: usize, name: &'static str) -> Result<usize, Error> {
    if value >= 0.0 && value < count as Num && value % 1.0 == 0.0 {
        return Ok(value as usize);
    }
    refused(
        name,
        "a whole number from 0 to below the number of its rows",
    )
}

/// The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic.
fn bits(seed: u32, index: usize) -> u32 {
    [index as u32, seed].into_iter().fold(0, |h: u32, word| {
        let h = h.wrapping_add(word).wrapping_add(0x9e37_79b9);
        let h = (h ^ (h >> 16)).wrapping_mul(0x21f0_aaad);
        let h = (h ^ (h >> 15)).wrapping_mul(0x735a_2d97);
        h ^ (h >> 15)
    })
}

/// The index-th random number of this seed, uniform from 0 to 1.
fn uniform(seed: u32, index: usize) -> f64 {
    f64::from(bits(seed, index)) / 4294967296.0
}

/// What dropout multiplies unit index by: 0 with this probability, else 1 / (1 - rate); 1 without a
/// seed.
fn keep(seed: Option<u32>, index: usize, rate: f64) -> Num {
    match seed {
        None => 1.0,
        Some(seed) if uniform(seed, index) < rate => 0.0,
        Some(_) => (1.0 / (1.0 - rate)) as Num,
    }
}

/// The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6.
fn normal(seed: u32, index: usize) -> f64 {
    let total: u64 = (0..12).map(|k| u64::from(bits(seed, 12 * index + k))).sum();
    total as f64 / 4294967296.0 - 6.0
}

/// The index-th normal number of this seed; if it is beyond ±cut, that of other seeds, until one is
/// within.
fn truncated(seed: u32, index: usize, cut: f64) -> f64 {
    let (mut n, mut attempt) = (normal(seed, index), 0);
    while n.abs() > cut {
        attempt += 1;
        n = normal(bits(attempt, seed as usize), index);
    }
    n
}

/// A matrix of normal random numbers from start on, made orthonormal along its shorter side; row by
/// row.
///
/// This is the modified Gram-Schmidt process, done twice: rounding leaves the first vectors not
/// quite orthogonal.
fn orthogonal(seed: u32, start: usize, rows: usize, columns: usize) -> Vec<f64> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let (step, along) = if rows <= columns {
        (columns, 1)
    } else {
        (1, columns)
    };
    let product = |v: &[f64], w: &[f64]| v.iter().zip(w).fold(0.0, |total, (a, b)| total + a * b);
    let draw = |k| {
        (0..length)
            .map(move |i| normal(seed, start + step * k + along * i))
            .collect()
    };
    let mut vectors: Vec<Vec<f64>> = (0..count).map(draw).collect();
    for _ in 0..2 {
        for k in 0..count {
            let norm = product(&vectors[k], &vectors[k]).sqrt();
            let q: Vec<f64> = vectors[k].iter().map(|v| v / norm).collect();
            for other in &mut vectors[k + 1..] {
                let share = product(&q, other);
                other.iter_mut().zip(&q).for_each(|(v, q)| *v -= share * q);
            }
            vectors[k] = q;
        }
    }
    let place = |i: usize| (i / columns, i % columns);
    let number = |(r, c): (usize, usize)| {
        if rows <= columns {
            vectors[r][c]
        } else {
            vectors[c][r]
        }
    };
    (0..rows * columns).map(place).map(number).collect()
}

/// The order of the examples in an epoch: each has a random number, and the smallest comes first.
fn order(count: usize, seed: Option<u32>, epoch: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    if let Some(seed) = seed {
        order.sort_by_key(|i| bits(seed, epoch * count + i));
    }
    order
}

/// The places of the examples that are kept for validation, in the order in which they are drawn, and
/// of the others.
fn held_out(count: usize, share: f64, seed: u32) -> Result<(Vec<usize>, Vec<usize>), Error> {
    let mut kept = order(count, Some(seed), 0);
    let wanted = (share * count as f64).round_ties_even() as usize;
    if wanted == 0 || wanted >= count {
        return refused(
            "xs",
            "enough examples to keep a share of them for validation",
        );
    }
    let mut others = kept.split_off(wanted);
    others.sort_unstable();
    Ok((kept, others))
}

/// The same if the places are listed.
fn listed(count: usize, places: &[usize]) -> Result<(Vec<usize>, Vec<usize>), Error> {
    if places.iter().any(|&place| place >= count) || places.len() >= count {
        return refused(
            "xs",
            "an example at each place that is kept for validation, and more",
        );
    }
    let others = (0..count).filter(|place| !places.contains(place)).collect();
    Ok((places.to_vec(), others))
}

/// Derivatives of 0, or other numbers for all parameters.
fn filled(value: Num) -> Box<Params> {
    let numbers = vec![value; PARAMETERS].into_boxed_slice();
    numbers.try_into().unwrap_or_else(|_| unreachable!())
}

/// The parameters on the heap.
fn boxed(params: &Params) -> Box<Params> {
    let mut copy = filled(0.0);
    copy.copy_from_slice(params);
    copy
}

/// The sum of the weights of a batch.
fn total(weights: &[Num]) -> Result<Num, Error> {
    let total = sum(weights);
    if total > 0.0 {
        return Ok(total);
    }
    refused("weights", "weights that do not sum to 0 over a batch")
}

/// The parameters as the text of a JSON file that the module of every target can load, exact to the
/// last bit.
pub fn save(params: &Params) -> Result<String, Error> {
    if !params.iter().all(|value| value.is_finite()) {
        return refused("params", "finite parameters, not infinity or NaN");
    }
    let numbers: Vec<String> = params.iter().map(|value| format!("{value:?}")).collect();
    Ok(format!(
        "{{\"layout\": \"{LAYOUT}\", \"parameters\": [{}]}}",
        numbers.join(", ")
    ))
}
