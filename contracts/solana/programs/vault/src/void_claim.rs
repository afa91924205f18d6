use crate::application::APPLICATION_SEED;
use crate::claim::Claim;
use crate::core_client::CoreClient;
use crate::exit_open::NOTICE_SECONDS;
use crate::fault::Fault;
use crate::line::Line;
use alloc::vec::Vec;
use causeway_accounts::{
    close, invoke, next, now_seconds, require, require_derived, require_program, Access, Accounts,
    Fault as AccountFault,
};
use causeway_packets::{read_rest, Reader, TRANSFER_PORT};
use pinocchio::{AccountView, Address, ProgramResult};

const REOPEN: u8 = 8;

/// Takes back a withdrawal that waited and was proven above the exit height of a client retired since:
/// whoever signed that state also signed another. Its amount is escrow again, which owners can't exit
/// with for seven days: what was sent with its sequence under the last accepted root may be received in
/// its place. Anyone may. Accounts: claim (writable), who paid for it (writable), line (writable), client,
/// the light client's state, core; then those of the core's `reopen`: the vault's account for the core,
/// roots (writable), port. Message: the packet's leaf 32 ‖ path in the tree of receipts.
#[inline(never)]
pub fn void_claim(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (mut claim_account, mut payer, mut account) = (next(accounts)?, next(accounts)?, next(accounts)?);
    let (client_account, light, core) = (next(accounts)?, next(accounts)?, next(accounts)?);
    // 1. Judge
    let client = CoreClient::read(&client_account)?;
    require_program(&core, &client.core)?;
    let mut line = Line::read_of(program, &account, &client)?;
    let claim = Claim::read(program, &claim_account, account.address(), &payer)?;
    require(client.is_retired, Fault::ClaimStands)?;
    let exit_height =
        client.light_state(&light)?.settled_exit_height().map_err(|_| Fault::WrongLightClient)?;
    require(claim.seen_height > exit_height, Fault::ClaimStands)?;
    // 2. Write
    let now = now_seconds()?;
    line.claimed = line.claimed.checked_sub(claim.amount).ok_or(AccountFault::Overflow)?;
    line.escrowed = line.escrowed.checked_add(claim.amount).ok_or(AccountFault::Overflow)?;
    let kept = if now < line.kept_until { line.kept } else { 0 };
    line.kept = kept.checked_add(claim.amount).ok_or(AccountFault::Overflow)?;
    line.kept_until = now.checked_add(NOTICE_SECONDS).ok_or(AccountFault::Overflow)?;
    line.write(&mut account.try_borrow_mut()?);
    // 3. The packet may come again
    let [authority, roots, port, ..] = **accounts else { return Err(AccountFault::MissingAccount.into()) };
    let reopening = Reopening { core, accounts: [authority, client_account, roots, port] };
    reopening.send(program, claim.sequence, read_rest(message))?;
    close(&mut claim_account, &mut payer)
}

struct Reopening {
    core: AccountView,
    accounts: [AccountView; 4],
}

impl Reopening {
    #[inline(never)]
    fn send(&self, program: &Address, sequence: u64, place: &[u8]) -> ProgramResult {
        let core = self.core.address();
        let [authority, client, roots, port] = self.accounts;
        let bump = require_derived(&authority, &[APPLICATION_SEED, core.as_ref()], program)?;
        let mut data = Vec::with_capacity(32 + place.len());
        data.push(REOPEN);
        data.push(TRANSFER_PORT.len() as u8);
        data.extend_from_slice(TRANSFER_PORT);
        data.extend_from_slice(&sequence.to_le_bytes());
        data.extend_from_slice(place);
        let list = [
            (authority, Access::SIGN),
            (client, Access::READ),
            (roots, Access::WRITE),
            (port, Access::READ),
            (self.core, Access::READ),
        ];
        invoke(core, &list, &data, &[APPLICATION_SEED, core.as_ref(), &[bump]])
    }
}
