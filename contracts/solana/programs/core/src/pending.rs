//! The account of a packet that was sent and did not end yet.
use crate::client::Client;
use crate::fault::Fault;
use causeway_accounts::{create_account, require, require_derived, require_state, SYSTEM_PROGRAM};
use pinocchio::{error::ProgramError, AccountView, Address, ProgramResult};

const MAGIC: &[u8; 8] = b"cwypackt";
const PACKET_SEED: &[u8] = b"packet";
/// Magic, version and 7 zeros, commitment, who paid the rent.
const PENDING_BYTES: usize = 80;
const COMMITMENT: usize = 16;
const PAYER: usize = 48;

/// A packet's place among those that are open.
pub struct Pending<'a> {
    pub program: &'a Address,
    pub client: &'a Client,
    pub sequence: u64,
}

impl Pending<'_> {
    /// Makes the account of the next packet: whichever of the candidates is its. A sender who does not know
    /// how many others send in the same slot gives several.
    #[inline(always)] // a function of this machine has five arguments at most; a slice is two
    pub fn open(
        &self,
        payer: &AccountView,
        candidates: &[AccountView],
        commitment: &[u8; 32],
    ) -> ProgramResult {
        let mut account = self.make(payer, candidates)?;
        let mut data = account.try_borrow_mut()?;
        data[..8].copy_from_slice(MAGIC);
        data[8] = 1;
        data[COMMITMENT..PAYER].copy_from_slice(commitment);
        data[PAYER..].copy_from_slice(payer.address().as_ref());
        Ok(())
    }

    /// Whether the packet is still open; an error if the account is not its, holds another commitment, or
    /// `rent_payer` did not pay for it.
    #[inline(never)]
    pub fn is_open(
        &self,
        account: &AccountView,
        rent_payer: &AccountView,
        commitment: &[u8; 32],
    ) -> Result<bool, ProgramError> {
        let seeds = [PACKET_SEED, self.client.id(), &self.sequence.to_be_bytes()];
        require_derived(account, &seeds, self.program)?;
        // It ended before, or was never sent; lamports that somebody sent there change nothing
        if account.owned_by(&SYSTEM_PROGRAM) {
            return Ok(false);
        }
        require_state(account, self.program, MAGIC, PENDING_BYTES)?;
        let data = account.try_borrow()?;
        require(data[COMMITMENT..PAYER] == commitment[..], Fault::CommitmentMismatch)?;
        require(&data[PAYER..] == rent_payer.address().as_ref(), Fault::WrongRentPayer)?;
        Ok(true)
    }

    #[inline(never)]
    fn make(&self, payer: &AccountView, candidates: &[AccountView]) -> Result<AccountView, ProgramError> {
        let sequence = self.sequence.to_be_bytes();
        let seeds = [PACKET_SEED, self.client.id(), &sequence];
        let (address, bump) =
            Address::try_find_program_address(&seeds, self.program).ok_or(Fault::PacketAccountMissing)?;
        let mut given = candidates.iter().filter(|account| account.address() == &address);
        let account = given.next().ok_or(Fault::PacketAccountMissing)?;
        let seeds = [PACKET_SEED, self.client.id(), &sequence, &[bump]];
        create_account(payer, account, self.program, PENDING_BYTES, &seeds)?;
        Ok(*account)
    }
}

/// Wipes a packet's account before its application is called; its rent is returned afterwards, because the
/// runtime lets no program call another while lamports are out of balance.
pub fn wipe(account: &mut AccountView) -> ProgramResult {
    account.try_borrow_mut()?.fill(0);
    Ok(())
}
