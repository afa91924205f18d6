use crate::generated::constants::{MINUS_INVERSE_OF_P, ONE, P, P16, R_SQUARED};

const LIMBS: usize = 13;
const LIMB_BITS: u32 = 30;
const MASK: u64 = (1 << LIMB_BITS) - 1;

/// An element of the field of 381 bits, times R = 2^390 (Montgomery's form), in 13 limbs of 30 bits. The
/// machine multiplies to 64 bits, so that a column of 13 products of limbs fits without a carry.
///
/// Not reduced: a value stands for itself modulo p and may be some multiples of p more. A product is below
/// 2p as long as its factors' bounds multiply to at most 256p²; sums and differences add theirs (`sub` 16p).
#[derive(Clone, Copy)]
pub struct Fp(pub [u64; LIMBS]);

/// 48 bytes that are not below p.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReduced;

impl Fp {
    /// From 48 bytes, big-endian, which have to be below p.
    pub fn from_bytes(bytes: &[u8; 48]) -> Result<Self, NotReduced> {
        let plain = Self(limbs(bytes));
        if is_below_p(&plain.0) {
            Ok(plain.mul(&Self(R_SQUARED)))
        } else {
            Err(NotReduced)
        }
    }

    /// From 64 bytes, big-endian, modulo p: `hash_to_field` of one element.
    pub fn from_uniform(bytes: &[u8; 64]) -> Self {
        // low + high · R, where low has the last 48 bytes and 6 bits more
        let mut low = limbs(bytes[16..].try_into().unwrap());
        low[LIMBS - 1] |= (u64::from(bytes[15]) & 0x3f) << 24;
        let mut high = [0; LIMBS];
        let upper = u128::from_be_bytes(bytes[..16].try_into().unwrap()) >> 6;
        let (upper_high, upper_low) = ((upper >> 64) as u64, upper as u64);
        high[0] = upper_low & MASK;
        high[1] = (upper_low >> 30) & MASK;
        high[2] = (upper_low >> 60 | upper_high << 4) & MASK;
        high[3] = (upper_high >> 26) & MASK;
        high[4] = upper_high >> 56;
        let r_squared = Self(R_SQUARED);
        let high = Self(high).mul(&r_squared).mul(&r_squared);
        Self(low).mul(&r_squared).add(&high)
    }

    /// 48 bytes, big-endian, below p.
    pub fn to_bytes(self) -> [u8; 48] {
        let plain = self.to_plain();
        let mut bytes = [0; 48];
        let (mut word, mut bits, mut at) = (0u64, 0, 48);
        for limb in plain {
            word |= limb << bits;
            bits += LIMB_BITS;
            while bits >= 8 && at > 0 {
                at -= 1;
                bytes[at] = word as u8;
                word >>= 8;
                bits -= 8;
            }
        }
        bytes
    }

    /// The lowest bit of the value below p. Spec: RFC 9380, 4.1 `sgn0`.
    pub fn is_odd(&self) -> bool {
        self.to_plain()[0] & 1 == 1
    }

    #[inline(never)]
    pub fn mul(&self, other: &Self) -> Self {
        Self(multiply(&self.0, &other.0))
    }

    pub fn square(&self) -> Self {
        self.mul(self)
    }

    pub fn add(&self, other: &Self) -> Self {
        let mut sum = [0; LIMBS];
        let mut carry = 0;
        for i in 0..LIMBS {
            let limb = self.0[i].wrapping_add(other.0[i]).wrapping_add(carry);
            sum[i] = limb & MASK;
            carry = limb >> LIMB_BITS;
        }
        Self(sum)
    }

    /// The difference, plus 16p. `other` is below 16p.
    pub fn sub(&self, other: &Self) -> Self {
        let mut difference = [0; LIMBS];
        let mut carry = 0i64;
        for i in 0..LIMBS {
            let limb =
                (self.0[i].wrapping_add(P16[i]) as i64).wrapping_sub(other.0[i] as i64).wrapping_add(carry);
            difference[i] = limb as u64 & MASK;
            carry = limb >> LIMB_BITS;
        }
        Self(difference)
    }

    /// Whether both are the same modulo p.
    pub fn equals(&self, other: &Self) -> bool {
        self.reduced().0 == other.reduced().0
    }

    pub fn is_zero(&self) -> bool {
        self.reduced().0 == [0; LIMBS]
    }

    pub fn is_one(&self) -> bool {
        self.reduced().0 == ONE.0
    }

    /// The same below p, in as many subtractions as there are multiples of p.
    #[inline(never)]
    pub fn reduced(&self) -> Self {
        let mut value = self.0;
        while !is_below_p(&value) {
            value = subtract_p(&value);
        }
        Self(value)
    }

    /// The value itself, below p.
    fn to_plain(self) -> [u64; LIMBS] {
        let mut one = [0; LIMBS];
        one[0] = 1;
        self.mul(&Self(one)).reduced().0
    }
}

/// 48 bytes as limbs.
fn limbs(bytes: &[u8; 48]) -> [u64; LIMBS] {
    let mut limbs = [0; LIMBS];
    let (mut word, mut bits, mut at) = (0u64, 0, 0);
    for byte in bytes.iter().rev() {
        word |= u64::from(*byte) << bits;
        bits += 8;
        if bits >= LIMB_BITS {
            limbs[at] = word & MASK;
            at += 1;
            word >>= LIMB_BITS;
            bits -= LIMB_BITS;
        }
    }
    limbs[at] = word;
    limbs
}

fn is_below_p(value: &[u64; LIMBS]) -> bool {
    for i in (0..LIMBS).rev() {
        if value[i] != P[i] {
            return value[i] < P[i];
        }
    }
    false
}

fn subtract_p(value: &[u64; LIMBS]) -> [u64; LIMBS] {
    let mut difference = [0; LIMBS];
    let mut carry = 0i64;
    for i in 0..LIMBS {
        let limb = (value[i] as i64).wrapping_sub(P[i] as i64).wrapping_add(carry);
        difference[i] = limb as u64 & MASK;
        carry = limb >> LIMB_BITS;
    }
    difference
}

/// a · b / R modulo p, by columns: product and reduction side by side. No column overflows: 13 products of
/// two limbs are below 13 · 2^60, and what is carried in below 2^35.
#[inline(always)]
fn multiply(a: &[u64; LIMBS], b: &[u64; LIMBS]) -> [u64; LIMBS] {
    let mut m = [0u64; LIMBS];
    let mut result = [0u64; LIMBS];
    let mut product = 0u64;
    let mut reduced = 0u64;
    macro_rules! low {
        ($k:literal: $($i:literal)*; $($j:literal)*) => {
            $(product = product.wrapping_add(a[$i].wrapping_mul(b[$k - $i]));)*
            reduced = reduced.wrapping_add(product & MASK);
            product >>= LIMB_BITS;
            $(reduced = reduced.wrapping_add(m[$j].wrapping_mul(P[$k - $j]));)*
            m[$k] = reduced.wrapping_mul(MINUS_INVERSE_OF_P) & MASK;
            reduced = reduced.wrapping_add(m[$k].wrapping_mul(P[0])) >> LIMB_BITS;
        };
    }
    macro_rules! high {
        ($k:literal: $($i:literal)*) => {
            $(product = product.wrapping_add(a[$i].wrapping_mul(b[$k - $i]));)*
            reduced = reduced.wrapping_add(product & MASK);
            product >>= LIMB_BITS;
            $(reduced = reduced.wrapping_add(m[$i].wrapping_mul(P[$k - $i]));)*
            result[$k - 13] = reduced & MASK;
            reduced >>= LIMB_BITS;
        };
    }
    low!(0: 0; );
    low!(1: 0 1; 0);
    low!(2: 0 1 2; 0 1);
    low!(3: 0 1 2 3; 0 1 2);
    low!(4: 0 1 2 3 4; 0 1 2 3);
    low!(5: 0 1 2 3 4 5; 0 1 2 3 4);
    low!(6: 0 1 2 3 4 5 6; 0 1 2 3 4 5);
    low!(7: 0 1 2 3 4 5 6 7; 0 1 2 3 4 5 6);
    low!(8: 0 1 2 3 4 5 6 7 8; 0 1 2 3 4 5 6 7);
    low!(9: 0 1 2 3 4 5 6 7 8 9; 0 1 2 3 4 5 6 7 8);
    low!(10: 0 1 2 3 4 5 6 7 8 9 10; 0 1 2 3 4 5 6 7 8 9);
    low!(11: 0 1 2 3 4 5 6 7 8 9 10 11; 0 1 2 3 4 5 6 7 8 9 10);
    low!(12: 0 1 2 3 4 5 6 7 8 9 10 11 12; 0 1 2 3 4 5 6 7 8 9 10 11);
    high!(13: 1 2 3 4 5 6 7 8 9 10 11 12);
    high!(14: 2 3 4 5 6 7 8 9 10 11 12);
    high!(15: 3 4 5 6 7 8 9 10 11 12);
    high!(16: 4 5 6 7 8 9 10 11 12);
    high!(17: 5 6 7 8 9 10 11 12);
    high!(18: 6 7 8 9 10 11 12);
    high!(19: 7 8 9 10 11 12);
    high!(20: 8 9 10 11 12);
    high!(21: 9 10 11 12);
    high!(22: 10 11 12);
    high!(23: 11 12);
    high!(24: 12);
    result[12] = reduced.wrapping_add(product);
    result
}
