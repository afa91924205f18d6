//! A withdrawal that waits for its window.
use crate::fault::Fault;
use causeway_accounts::{create_account, require, require_derived, require_signer, require_state};
use causeway_packets::{Fault as PacketFault, Reader};
use pinocchio::{error::ProgramError, AccountView, Address, ProgramResult};

const MAGIC: &[u8; 8] = b"cwyclaim";
const CLAIM_SEED: &[u8] = b"claim";
/// Magic, version, 7 zeros, then the fields one after the other.
const CLAIM_BYTES: usize = 144;

pub struct Claim {
    pub line: Address,
    pub recipient: [u8; 32],
    pub amount: u64,
    pub payable_from: u64,
    /// How far the light client was when it was proven.
    pub seen_height: u64,
    /// Of the withdrawal's packet.
    pub sequence: u64,
    pub payer: Address,
}

impl Claim {
    /// Makes the claim's account, at an address that follows from the line and the packet's sequence.
    #[inline(never)]
    pub fn open(&self, program: &Address, payer: &AccountView, account: &AccountView) -> ProgramResult {
        require_signer(payer)?;
        let sequence = self.sequence.to_be_bytes();
        let seeds = [CLAIM_SEED, self.line.as_ref(), &sequence];
        let bump = require_derived(account, &seeds, program)?;
        let seeds = [CLAIM_SEED, self.line.as_ref(), &sequence, &[bump]];
        create_account(payer, account, program, CLAIM_BYTES, &seeds)?;
        let mut copy = *account;
        let data = &mut copy.try_borrow_mut()?;
        let fields: [&[u8]; 7] = [
            self.line.as_ref(),
            &self.recipient,
            &self.amount.to_le_bytes(),
            &self.payable_from.to_le_bytes(),
            &self.seen_height.to_le_bytes(),
            &self.sequence.to_le_bytes(),
            self.payer.as_ref(),
        ];
        data[..8].copy_from_slice(MAGIC);
        data[8] = 1;
        let mut place = 16;
        for field in fields {
            data[place..place + field.len()].copy_from_slice(field);
            place += field.len();
        }
        Ok(())
    }

    /// A claim of a line. Only this program makes accounts of this layout, so its address need not be
    /// derived.
    #[inline(never)]
    pub fn read(
        program: &Address,
        account: &AccountView,
        line: &Address,
        payer: &AccountView,
    ) -> Result<Claim, ProgramError> {
        require_state(account, program, MAGIC, CLAIM_BYTES)?;
        let claim = Claim::decode(&account.try_borrow()?)?;
        require(&claim.line == line, Fault::WrongLine)?;
        require(&claim.payer == payer.address(), Fault::WrongRentPayer)?;
        Ok(claim)
    }

    #[inline(never)]
    fn decode(data: &[u8]) -> Result<Claim, PacketFault> {
        let mut reader = Reader::new(data);
        reader.take(16)?;
        Ok(Claim {
            line: Address::new_from_array(*reader.array()?),
            recipient: *reader.array()?,
            amount: reader.u64()?,
            payable_from: reader.u64()?,
            seen_height: reader.u64()?,
            sequence: reader.u64()?,
            payer: Address::new_from_array(*reader.array()?),
        })
    }
}
