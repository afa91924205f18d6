//! Not deployed: the program of somebody who wishes the core ill.
//!
//!     0 noise     how many kilobytes u8; logs as much
//!     1 call      instruction; accounts: the program, then what it is given
//!     else        nothing: whatever it is told
#![no_std]
extern crate alloc;

use alloc::vec::Vec;
use causeway_accounts::{invoke, Access};
use pinocchio::{
    default_allocator, error::ProgramError, nostd_panic_handler, program_entrypoint, AccountView, Address,
    ProgramResult,
};
use solana_define_syscall::definitions::sol_log_;

program_entrypoint!(process, 48);
default_allocator!();
nostd_panic_handler!();

const LINE: [u8; 1_000] = [b'x'; 1_000];

fn process(_: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    match (data, accounts) {
        ([0, kilobytes], _) => {
            for _ in 0..*kilobytes {
                // SAFETY: the pointer and the length are of one array
                unsafe { sol_log_(LINE.as_ptr(), LINE.len() as u64) };
            }
            Ok(())
        }
        ([1, instruction @ ..], [program, given @ ..]) => {
            let list: Vec<_> = given.iter().map(|account| (*account, Access::given(account))).collect();
            invoke(program.address(), &list, instruction, &[])
        }
        ([_, ..], _) => Ok(()),
        ([], _) => Err(ProgramError::InvalidInstructionData),
    }
}
