use crate::curve::{clear_cofactor, G1};
use crate::expand::expand_message;
use crate::fp::{Fp, NotReduced};
use crate::generated::constants::{
    A, B, MINUS_B_BY_A, X_DENOMINATOR, X_NUMERATOR, Y_DENOMINATOR, Y_NUMERATOR, Z,
};
use causeway_wire::{Reader, Truncated};

/// Bytes of the hints for one message, each number 48 bytes, big-endian, below p:
///
///     for each of the two elements u: 1 byte (1: g(x1) is a square, 0: g(x2)) ‖ 1 / tv1 ‖ y
///     1 / (x − x') of the two points ‖ 1 / (x denominator · y denominator) of the isogeny
pub const HINT_BYTES: usize = 2 * 97 + 2 * 48;

/// Why hints are of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintError {
    /// Not as many bytes, a number not below p, or a flag that is neither 0 nor 1.
    Malformed,
    /// An inverse that is none.
    Inverse,
    /// A root that is none, or has the other sign.
    Root,
    /// The curve's syscall refused.
    Refused,
}

impl From<Truncated> for HintError {
    fn from(_: Truncated) -> Self {
        Self::Malformed
    }
}

impl From<NotReduced> for HintError {
    fn from(_: NotReduced) -> Self {
        Self::Malformed
    }
}

#[derive(Clone, Copy)]
struct Point {
    x: Fp,
    y: Fp,
}

/// Hashes a message to a point of G1. What takes exponentiations, inverses and square roots, is taken from
/// the hints and checked by multiplication: no hint but the right one is accepted. The two points are added
/// before the isogeny, which is a homomorphism, not after it.
/// DIFFERS FROM SPEC: elements and points for which an inverse does not exist (they come up with a
/// probability of 2^-380) are refused; RFC 9380 maps them, too.
/// Spec: RFC 9380, 3 `hash_to_curve`, 6.6.3 (mapping by isogeny).
#[inline(never)]
pub fn hash_to_g1(message: &[u8], tag: &[u8], hints: &[u8]) -> Result<G1, HintError> {
    let mut reader = Reader::new(hints);
    let uniform = expand_message(message, tag);
    let first = map(&uniform[0], &mut reader)?;
    let second = map(&uniform[1], &mut reader)?;
    let sum = add(&first, &second, &number(&mut reader)?)?;
    let point = isogeny(&sum, &number(&mut reader)?)?;
    reader.finish()?;
    clear_cofactor(&point).ok_or(HintError::Refused)
}

/// The simplified map to y² = g(x) = x³ + A·x + B. Spec: RFC 9380, 6.6.2.
/// tv1 = Z²u⁴ + Zu²; x1 = −B/A · (1 + 1/tv1); x2 = Zu²·x1; g(x2) = Z³u⁶·g(x1), where Z³u⁶ is no square:
/// exactly one of g(x1) and g(x2) is a square (unless both are zero, which `Inverse` stands for here, too).
#[inline(never)]
fn map(uniform: &[u8; 64], hints: &mut Reader) -> Result<Point, HintError> {
    let is_first = match hints.u8()? {
        0 => false,
        1 => true,
        _ => return Err(HintError::Malformed),
    };
    let inverse = number(hints)?;
    let y_bytes: &[u8; 48] = hints.array()?;
    let y = Fp::from_bytes(y_bytes)?;
    let is_y_odd = y_bytes[47] & 1 == 1;
    let u = Fp::from_uniform(uniform);
    let zu2 = u.square().mul(&Z);
    let tv1 = zu2.square().add(&zu2);
    if !tv1.mul(&inverse).is_one() {
        return Err(HintError::Inverse);
    }
    let x1 = MINUS_B_BY_A.mul(&inverse).add(&MINUS_B_BY_A);
    let x = if is_first { x1 } else { zu2.mul(&x1) };
    let g = x.square().add(&A).mul(&x).add(&B);
    if !y.square().equals(&g) || is_y_odd != u.is_odd() || y.is_zero() {
        return Err(HintError::Root);
    }
    Ok(Point { x, y })
}

/// Adds two points with different x. x3 = s² − x − x', y3 = s·(x − x3) − y for s = (y' − y)/(x' − x).
fn add(a: &Point, b: &Point, inverse: &Fp) -> Result<Point, HintError> {
    if !b.x.sub(&a.x).mul(inverse).is_one() {
        return Err(HintError::Inverse);
    }
    let slope = b.y.sub(&a.y).mul(inverse);
    let x = slope.square().sub(&a.x.add(&b.x)).reduced();
    let y = slope.mul(&a.x.sub(&x)).sub(&a.y);
    Ok(Point { x, y })
}

/// The isogeny of degree 11 to the curve of G1. Spec: RFC 9380, E.2.
fn isogeny(point: &Point, inverse: &Fp) -> Result<[u8; 96], HintError> {
    let x_denominator = polynomial(&X_DENOMINATOR, &point.x);
    let y_denominator = polynomial(&Y_DENOMINATOR, &point.x);
    if !x_denominator.mul(&y_denominator).mul(inverse).is_one() {
        return Err(HintError::Inverse);
    }
    let x = polynomial(&X_NUMERATOR, &point.x).mul(&y_denominator).mul(inverse);
    let y = polynomial(&Y_NUMERATOR, &point.x).mul(&x_denominator).mul(inverse).mul(&point.y);
    let mut bytes = [0; 96];
    bytes[..48].copy_from_slice(&x.to_bytes());
    bytes[48..].copy_from_slice(&y.to_bytes());
    Ok(bytes)
}

/// Its value at x, by Horner's rule.
#[inline(never)]
fn polynomial(coefficients: &[Fp], x: &Fp) -> Fp {
    let mut value = coefficients[coefficients.len() - 1];
    for coefficient in coefficients.iter().rev().skip(1) {
        value = value.mul(x).add(coefficient);
    }
    value
}

fn number(hints: &mut Reader) -> Result<Fp, HintError> {
    Ok(Fp::from_bytes(hints.array()?)?)
}
