//! The fixed functions of Rust modules: a module gets those that it names, and those that these name.
//!
//! See nngen/targets/definitions.py. `Num` is the type of the numbers: f64, or f32 with `dtype: float32`.

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

// source: functions

/// The sum of products of x with each row of a matrix, plus b; for four rows at a time, since each
/// addition waits for the one before it. Beyond the last row it is the last row again.
fn affine<const N: usize>(rows: &[Num], x: &[Num], b: &[Num]) -> [Num; N] {
    let mut z = [0.0; N];
    let size = x.len();
    for first in (0..N).step_by(4) {
        let row = |i: usize| &rows[size * (first + i).min(N - 1)..][..size];
        let (one, two, three, four) = (row(0), row(1), row(2), row(3));
        let mut sums = [0.0; 4];
        for ((((x, one), two), three), four) in x.iter().zip(one).zip(two).zip(three).zip(four) {
            sums[0] += one * x;
            sums[1] += two * x;
            sums[2] += three * x;
            sums[3] += four * x;
        }
        for (i, total) in (first..N).zip(sums) {
            z[i] = b[i] + total;
        }
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

/// The sum of a term for each place.
fn total_of(count: usize, term: impl Fn(usize) -> Num) -> Num {
    (0..count).fold(0.0, |total, i| total + term(i))
}

/// A value for each example of a batch.
fn list<T>(count: usize, value: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(value).collect()
}

/// Add a vector to sums.
fn add(sums: &mut [Num], values: &[Num]) {
    for (total, value) in sums.iter_mut().zip(values) {
        *total += value;
    }
}

/// The values at some places.
fn picked<T: Copy>(values: &[T], places: &[usize]) -> Vec<T> {
    places.iter().map(|&place| values[place]).collect()
}

/// Values in increasing order, each once.
fn distinct(mut values: Vec<usize>) -> Vec<usize> {
    values.sort_unstable();
    values.dedup();
    values
}

/// Values in the increasing order of their keys; those with equal keys keep their order.
fn sorted_by(values: &[usize], keys: &[u32]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_by_key(|&i| keys[i]);
    picked(values, &places)
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

// source: saving

/// A cell of a row: what a table or a program has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Number(f64),
    Text(&'a str),
    Truth(bool),
}
impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}
impl From<i32> for Cell<'_> {
    fn from(number: i32) -> Self {
        Cell::Number(number.into())
    }
}
impl From<bool> for Cell<'_> {
    fn from(truth: bool) -> Self {
        Cell::Truth(truth)
    }
}
impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(text)
    }
}
impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Missing, Into::into)
    }
}

/// A text without what does not count around it.
fn bare(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r'])
}

/// The number of a text such as -012.5e3; NaN if it is none.
fn parsed(text: &str) -> f64 {
    let signs = |c: char| matches!(c, '+' | '-' | '.' | '0'..='9' | 'e' | 'E'); // parse takes more
    match text.parse() {
        Ok(number) if text.len() < 800 && text.chars().all(signs) => number,
        Ok(_) if text.chars().all(signs) => nearest(text).unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// The number nearest to a long text. 767 digits decide which one it is, so that others only say that
/// there are more; parse alone does not count powers of ten above 655,359.
fn nearest(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches(['+', '-']);
    let all = whole.bytes().chain(decimals.bytes());
    let mut digits = all.skip_while(|&digit| digit == b'0');
    let tens = digits.clone().count() as f64 - decimals.len() as f64;
    let mut short = [b'0'; 1506]; // a whole number times 1e-1100
    short[1500..].copy_from_slice(b"e-1100");
    let first = (400.0 - tens - exponent.parse().unwrap_or(0.0)).clamp(0.0, 800.0) as usize;
    for (place, digit) in short[first..1500].iter_mut().zip(&mut digits) {
        *place = digit;
    }
    short[1499] |= u8::from(digits.any(|digit| digit != b'0'));
    let size: f64 = core::str::from_utf8(&short).ok()?.parse().ok()?;
    Some(if text.starts_with('-') { -size } else { size })
}

/// The place of a value among the texts that are listed; the one after the last if it is not.
fn place_of_cell(cell: Cell, listed: &[&str]) -> usize {
    let at = |text: &str| listed.iter().position(|one| bare(one) == text);
    let place = match cell {
        Cell::Text(text) => at(bare(text)),
        Cell::Truth(true) => at("True").or_else(|| at("true")),
        Cell::Truth(false) => at("False").or_else(|| at("false")),
        Cell::Number(number) => {
            let with = |end| listed.iter().position(|one| written(number, one, end));
            with("").or_else(|| with(".0").filter(|_| number % 1.0 == 0.0))
        }
        Cell::Missing => None,
    };
    place.unwrap_or(listed.len())
}

/// Whether a text is that of a number, as Python writes it, with this end.
fn written(number: f64, text: &str, end: &str) -> bool {
    let (number, text) = (number + 0.0, bare(text)); // -0 is 0
    let small = text.split_once("e-0").filter(|(_, tens)| tens.len() == 1);
    let parts = small.map_or([text, "", ""], |(digits, tens)| [digits, "e-", tens]);
    let mut rest = Rest(parts.into_iter().flat_map(str::bytes));
    let same = if number == 0.0 || number.abs() >= 1e-4 {
        fmt::write(&mut rest, format_args!("{number}{end}"))
    } else {
        fmt::write(&mut rest, format_args!("{number:e}"))
    };
    same.is_ok() && rest.0.next().is_none()
}

/// What is left of a text that is compared with what is written.
struct Rest<I: Iterator<Item = u8>>(I);
impl<I: Iterator<Item = u8>> fmt::Write for Rest<I> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let same = text.bytes().all(|byte| self.0.next() == Some(byte));
        same.then_some(()).ok_or(fmt::Error)
    }
}

/// How people write the numbers of a column.
struct Style {
    thousands: &'static str,
    decimal: &'static str,
    prefix: &'static str,
    suffix: &'static str,
    minus: &'static str,
    missing: &'static [&'static str],
}

/// Whether a text has digits alone, and at least one.
fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The place of a mark in a text, if it is there.
fn find(text: &str, mark: &str) -> Option<usize> {
    match mark.as_bytes() {
        [letter] => text.bytes().position(|one| one == *letter), // faster
        _ => text.find(mark),
    }
}
