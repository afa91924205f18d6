use crate::claim::Claim;
use crate::core_client::CoreClient;
use crate::fault::Fault;
use crate::line::Line;
use crate::token::Tokens;
use causeway_accounts::{close, next, now_seconds, require, Accounts, Fault as AccountFault};
use causeway_hub_state::Status;
use causeway_packets::Reader;
use pinocchio::{Address, ProgramResult};

/// Pays a claim to its recipient; anyone may. A withdrawal that waited is paid only while the client that
/// proved it lives, or, once it is retired, if nothing contradicts what it was proven under: time to notice
/// a forgery is what the window is for, so that then it holds back nothing more. Accounts: claim
/// (writable), who paid for it (writable), line, escrow (both writable), mint, token program, the
/// recipient's associated account (writable), client, the light client's state.
#[inline(never)]
pub fn pay_claim(program: &Address, mut accounts: Accounts, message: &mut Reader) -> ProgramResult {
    let accounts = &mut accounts;
    let (mut claim_account, mut payer) = (next(accounts)?, next(accounts)?);
    let tokens = Tokens::next(accounts)?;
    let (client, light) = (next(accounts)?, next(accounts)?);
    message.finish().map_err(|_| AccountFault::WrongLength)?;
    // 1. Judge
    let client = CoreClient::read(&client)?;
    let mut line = Line::read_of(program, &tokens.line, &client)?;
    tokens.require_line(program, &line)?;
    let claim = Claim::read(program, &claim_account, tokens.line.address(), &payer)?;
    let now = now_seconds()?;
    require(now >= claim.payable_from || client.is_retired, Fault::ClaimNotPayableYet)?;
    let state = client.light_state(&light)?;
    let is_standing = if client.is_retired {
        state.settled_exit_height().is_ok_and(|height| claim.seen_height <= height)
    } else {
        state.status(now).0 == Status::Active
    };
    require(is_standing, Fault::ClientInDoubt)?;
    require(tokens.reach(&claim.recipient)?, Fault::DestinationRefuses)?;
    // 2. Write, then pay
    line.claimed = line.claimed.checked_sub(claim.amount).ok_or(AccountFault::Overflow)?;
    tokens.write(&line)?;
    tokens.pay(&line, claim.amount)?;
    close(&mut claim_account, &mut payer)
}
