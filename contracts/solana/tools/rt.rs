#![no_std]
#![no_builtins]
#![allow(internal_features)]
// 128-bit and widening helpers for LLVM < 23 BPF (no i128 libcalls). u64 in, u64 out, at most 5 args.
static M: u64 = 0xffff_ffff;
/// volatile mask: LLVM 22 (AggressiveInstCombine) would otherwise turn the idiom back into an i128 multiply
#[inline(always)]
fn mulhi(a: u64, b: u64) -> u64 {
    let m = unsafe { core::ptr::read_volatile(&M) };
    let (ah, al, bh, bl) = (a >> 32, a & m, b >> 32, b & m);
    let t = (al.wrapping_mul(bl) >> 32).wrapping_add(ah.wrapping_mul(bl));
    let u = (t & m).wrapping_add(al.wrapping_mul(bh));
    ah.wrapping_mul(bh).wrapping_add(t >> 32).wrapping_add(u >> 32)
}
#[no_mangle]
pub extern "C" fn __x_mulhi(a: u64, b: u64) -> u64 {
    mulhi(a, b)
}
#[inline(always)]
fn shl(l: u64, h: u64, n: u64) -> (u64, u64) {
    if n == 0 {
        (l, h)
    } else if n < 64 {
        (l << n, (h << n) | (l >> (64 - n)))
    } else {
        (0, l << (n & 63))
    }
}
#[inline(always)]
fn shr(l: u64, h: u64, n: u64, f: u64) -> (u64, u64) {
    if n == 0 {
        (l, h)
    } else if n < 64 {
        ((l >> n) | (h << (64 - n)), (h >> n) | (f << (64 - n)))
    } else if n == 64 {
        (h, f)
    } else {
        ((h >> (n & 63)) | (f << (128 - n)), f)
    }
}
/// sel: 0/1 shl lo/hi, 2/3 lshr, 4/5 ashr
#[no_mangle]
#[inline(never)]
pub extern "C" fn __x_sh(l: u64, h: u64, n: u64, sel: u64) -> u64 {
    let n = n & 127;
    let (a, b) = match sel >> 1 {
        0 => shl(l, h, n),
        1 => shr(l, h, n, 0),
        _ => shr(l, h, n, ((h as i64) >> 63) as u64),
    };
    if sel & 1 == 0 {
        a
    } else {
        b
    }
}
/// 1 if a*b does not fit 128 bits
#[no_mangle]
#[inline(never)]
pub extern "C" fn __x_umulo(al: u64, ah: u64, bl: u64, bh: u64) -> u64 {
    if ah != 0 && bh != 0 {
        return 1;
    }
    let (c, d) = if ah != 0 { (ah, bl) } else { (bh, al) };
    if mulhi(c, d) != 0 {
        return 1;
    }
    let (_, o) = c.wrapping_mul(d).overflowing_add(mulhi(al, bl));
    o as u64
}
#[inline(always)]
fn neg(l: u64, h: u64, s: bool) -> (u64, u64) {
    if s {
        let (x, c) = (!l).overflowing_add(1);
        (x, (!h).wrapping_add(c as u64))
    } else {
        (l, h)
    }
}
/// sel: 0/1 udiv lo/hi, 2/3 urem, 4/5 sdiv, 6/7 srem
#[no_mangle]
#[inline(never)]
pub extern "C" fn __x_div(al: u64, ah: u64, bl: u64, bh: u64, sel: u64) -> u64 {
    let sg = sel >= 4;
    let (na, nb) = (sg && (ah >> 63) == 1, sg && (bh >> 63) == 1);
    let ((al, ah), (bl, bh)) = (neg(al, ah, na), neg(bl, bh, nb));
    let (mut ql, mut qh, mut rl, mut rh) = (0u64, 0u64, 0u64, 0u64);
    if ah == 0 && bh == 0 {
        if bl != 0 {
            ql = al / bl;
            rl = al % bl;
        }
    } else {
        let z = if ah != 0 { ah.leading_zeros() } else { 64 + al.leading_zeros() } as u64;
        let mut i = 128 - z;
        while i > 0 {
            i -= 1;
            let bit = if i < 64 { al >> i } else { ah >> (i & 63) } & 1;
            let top = rh >> 63;
            rh = (rh << 1) | (rl >> 63);
            rl = (rl << 1) | bit;
            if top == 1 || rh > bh || (rh == bh && rl >= bl) {
                let (x, c) = rl.overflowing_sub(bl);
                rl = x;
                rh = rh.wrapping_sub(bh).wrapping_sub(c as u64);
                if i < 64 {
                    ql |= 1 << i
                } else {
                    qh |= 1 << (i & 63)
                }
            }
        }
    }
    let (ql, qh) = neg(ql, qh, na != nb);
    let (rl, rh) = neg(rl, rh, na);
    match sel & 3 {
        0 => ql,
        1 => qh,
        2 => rl,
        _ => rh,
    }
}
