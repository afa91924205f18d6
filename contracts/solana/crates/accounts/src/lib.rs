//! What every program does with accounts: judging them, deriving their addresses, creating and closing
//! them, calling other programs. Nothing here is trusted because of where it stands in a list: owner,
//! layout, address and signature are each asked for.
#![no_std]
extern crate alloc;

mod create;
mod fault;
mod instruction;
mod invoke;
mod judge;

pub use create::{close, create_account, SYSTEM_PROGRAM};
pub use fault::{require, Fault};
pub use instruction::{read_instruction, Instruction};
pub use invoke::{invoke, Access};
pub use judge::{
    next, now_seconds, require_address, require_derived, require_derived_by, require_program, require_signer,
    require_state, require_writable, Accounts,
};
