use crate::fault::{require, Fault};
use crate::invoke::{invoke, Access};
use pinocchio::{
    error::ProgramError,
    sysvars::{rent::Rent, Sysvar},
    AccountView, Address, ProgramResult,
};

/// The system program.
pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

const CREATE: u32 = 0;
const ASSIGN: u32 = 1;
const TRANSFER: u32 = 2;
const ALLOCATE: u32 = 8;

/// Creates a derived account of this many bytes for a program; `seeds` end with its bump. Whoever sends
/// lamports to the address beforehand does not stop it.
#[inline(always)] // a function of this machine has five arguments at most; a slice is two
pub fn create_account(
    payer: &AccountView,
    account: &AccountView,
    program: &Address,
    bytes: usize,
    seeds: &[&[u8]],
) -> ProgramResult {
    make(&Creation { payer, account, program, bytes, seeds })
}

struct Creation<'a> {
    payer: &'a AccountView,
    account: &'a AccountView,
    program: &'a Address,
    bytes: usize,
    seeds: &'a [&'a [u8]],
}

#[inline(never)]
fn make(&Creation { payer, account, program, bytes, seeds }: &Creation) -> ProgramResult {
    require(account.owned_by(&SYSTEM_PROGRAM) && account.is_data_empty(), Fault::AlreadyExists)?;
    let rent = Rent::get()?.try_minimum_balance(bytes)?;
    let held = account.lamports();
    let pair = [(*payer, Access::SIGN_WRITE), (*account, Access::SIGN_WRITE)];
    if held == 0 {
        let mut data = [0u8; 52];
        data[..4].copy_from_slice(&CREATE.to_le_bytes());
        data[4..12].copy_from_slice(&rent.to_le_bytes());
        data[12..20].copy_from_slice(&(bytes as u64).to_le_bytes());
        data[20..].copy_from_slice(program.as_ref());
        return invoke(&SYSTEM_PROGRAM, &pair, &data, seeds);
    }
    if held < rent {
        let mut data = [0u8; 12];
        data[..4].copy_from_slice(&TRANSFER.to_le_bytes());
        data[4..].copy_from_slice(&(rent - held).to_le_bytes());
        let pair = [(*payer, Access::SIGN_WRITE), (*account, Access::WRITE)];
        invoke(&SYSTEM_PROGRAM, &pair, &data, &[])?;
    }
    let mut data = [0u8; 12];
    data[..4].copy_from_slice(&ALLOCATE.to_le_bytes());
    data[4..].copy_from_slice(&(bytes as u64).to_le_bytes());
    invoke(&SYSTEM_PROGRAM, &pair[1..], &data, seeds)?;
    let mut data = [0u8; 36];
    data[..4].copy_from_slice(&ASSIGN.to_le_bytes());
    data[4..].copy_from_slice(program.as_ref());
    invoke(&SYSTEM_PROGRAM, &pair[1..], &data, seeds)
}

/// Closes an account of this program; its rent goes to the receiver. Last of an instruction: a call after
/// lamports were moved by hand is refused by the runtime.
pub fn close(account: &mut AccountView, receiver: &mut AccountView) -> Result<(), ProgramError> {
    require(account.address() != receiver.address(), Fault::WrongAddress)?;
    let sum = receiver.lamports().checked_add(account.lamports()).ok_or(Fault::Overflow)?;
    receiver.set_lamports(sum);
    account.set_lamports(0);
    account.close()
}
