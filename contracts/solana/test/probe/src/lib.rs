//! Not deployed: lets tests call the crates by themselves.
//!
//!     0 hash to G1    tag u8 length ‖ hints ‖ message; returns the point
//!     1 proofs        app hash ‖ store ‖ for each: 0 absence, 1 membership ‖ key, value, proof; each with
//!                     its length, u16, before it
#![no_std]

use causeway_bls12381::{hash_to_g1, HINT_BYTES};
use causeway_ics23::ProofBatch;
use causeway_wire::{Reader, Truncated};
use pinocchio::{
    cpi::set_return_data, error::ProgramError, no_allocator, nostd_panic_handler, program_entrypoint,
    AccountView, Address, ProgramResult,
};

program_entrypoint!(process, 1);
no_allocator!();
nostd_panic_handler!();

fn process(_: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    // Longer input is in a buffer of the upload program
    match accounts {
        [buffer] => run(buffer.try_borrow()?.get(40..).ok_or(ProgramError::AccountDataTooSmall)?),
        _ => run(data),
    }
}

fn run(data: &[u8]) -> ProgramResult {
    let mut reader = Reader::new(data);
    match reader.u8().map_err(truncated)? {
        0 => hash(reader),
        _ => proofs(reader),
    }
}

fn hash(mut reader: Reader) -> ProgramResult {
    let tag_length = reader.u8().map_err(truncated)?;
    let tag = reader.take(usize::from(tag_length)).map_err(truncated)?;
    let hints = reader.take(HINT_BYTES).map_err(truncated)?;
    let message = reader.take(reader.remaining()).map_err(truncated)?;
    let point = hash_to_g1(message, tag, hints).map_err(|error| ProgramError::Custom(error as u32 + 1))?;
    set_return_data(&point);
    Ok(())
}

fn proofs(mut reader: Reader) -> ProgramResult {
    let app_hash = reader.array().map_err(truncated)?;
    let mut batch = ProofBatch::new(app_hash, part(&mut reader)?);
    while reader.remaining() > 0 {
        let is_membership = reader.u8().map_err(truncated)? == 1;
        let key = part(&mut reader)?;
        let value = part(&mut reader)?;
        let proof = part(&mut reader)?;
        let result = if is_membership {
            batch.verify_membership(key, value, proof)
        } else {
            batch.verify_non_membership(key, proof)
        };
        result.map_err(|error| ProgramError::Custom(error.code()))?;
    }
    Ok(())
}

fn part<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ProgramError> {
    let length = reader.u16().map_err(truncated)?;
    reader.take(usize::from(length)).map_err(truncated)
}

fn truncated(_: Truncated) -> ProgramError {
    ProgramError::InvalidInstructionData
}
