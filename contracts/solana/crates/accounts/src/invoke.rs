use alloc::vec::Vec;
use pinocchio::{
    cpi::{invoke_signed_with_slice, Seed, Signer},
    instruction::{InstructionAccount, InstructionView},
    AccountView, Address, ProgramResult,
};

/// What a called program may do with an account.
#[derive(Clone, Copy)]
pub struct Access {
    pub is_writable: bool,
    pub is_signer: bool,
}

impl Access {
    pub const READ: Access = Access { is_writable: false, is_signer: false };
    pub const WRITE: Access = Access { is_writable: true, is_signer: false };
    pub const SIGN: Access = Access { is_writable: false, is_signer: true };
    pub const SIGN_WRITE: Access = Access { is_writable: true, is_signer: true };

    /// As it was given to this program.
    pub fn given(account: &AccountView) -> Access {
        Access { is_writable: account.is_writable(), is_signer: account.is_signer() }
    }
}

/// Calls a program; `seeds` derive the account of this program that signs, if one does.
#[inline(always)] // a function of this machine has five arguments at most; a slice is two
pub fn invoke(
    program: &Address,
    accounts: &[(AccountView, Access)],
    data: &[u8],
    seeds: &[&[u8]],
) -> ProgramResult {
    run(&Invocation { program, accounts, data, seeds })
}

struct Invocation<'a> {
    program: &'a Address,
    accounts: &'a [(AccountView, Access)],
    data: &'a [u8],
    seeds: &'a [&'a [u8]],
}

#[inline(never)]
fn run(&Invocation { program, accounts, data, seeds }: &Invocation) -> ProgramResult {
    let metas: Vec<InstructionAccount> = accounts
        .iter()
        .map(|(account, access)| {
            InstructionAccount::new(account.address(), access.is_writable, access.is_signer)
        })
        .collect();
    let views: Vec<AccountView> = accounts.iter().map(|(account, _)| *account).collect();
    let instruction = InstructionView { program_id: program, data, accounts: &metas };
    let seeds: Vec<Seed> = seeds.iter().map(|seed| Seed::from(*seed)).collect();
    if seeds.is_empty() {
        return invoke_signed_with_slice(&instruction, &views, &[]);
    }
    invoke_signed_with_slice(&instruction, &views, &[Signer::from(&seeds[..])])
}
