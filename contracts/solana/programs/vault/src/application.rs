use crate::core_client::CoreClient;
use crate::fault::Fault;
use causeway_accounts::{require_derived, require_signer};
use pinocchio::{error::ProgramError, AccountView, Address};

/// The vault's own account for a core: derived from this and the core, so that a core of somebody else's
/// making can't pass the signature on to another.
pub const APPLICATION_SEED: &[u8] = b"application";
const CALLER_SEED: &[u8] = b"caller";

/// An error unless the client's core calls, by the account that it derives for this program alone: so that
/// another application can't pass the core's signature on.
#[inline(never)]
pub fn require_core(
    program: &Address,
    caller: &AccountView,
    client: &CoreClient,
) -> Result<(), ProgramError> {
    require_signer(caller)?;
    require_derived(caller, &[CALLER_SEED, program.as_ref()], &client.core).map_err(|_| Fault::NotCore)?;
    Ok(())
}
