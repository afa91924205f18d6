//! A line: what the vault holds of one mint for the hub at the other end of one client.
use crate::core_client::CoreClient;
use crate::fault::Fault;
use causeway_accounts::{require, require_derived, require_derived_by, require_state, SYSTEM_PROGRAM};
use causeway_packets::{Fault as PacketFault, Reader};
use pinocchio::{error::ProgramError, AccountView, Address};

pub const LINE_SEED: &[u8] = b"line";
pub const ESCROW_SEED: &[u8] = b"escrow";
const MAGIC: &[u8; 8] = b"cwylines";
/// Magic, version, bumps of the line and of its tokens, 5 zeros, then the fields one after the other.
pub const LINE_BYTES: usize = 200;

/// Amounts in base units.
pub struct Line {
    pub bump: u8,
    pub escrow_bump: u8,
    pub client: Address,
    pub mint: Address,
    pub token_program: Address,
    /// What came in over the client and has not gone out again.
    pub escrowed: u64,
    /// What stands as claims.
    pub claimed: u64,
    /// Until when the outflow window's allowance is used up, in nanoseconds.
    pub used_until: u128,
    /// All that the dead hub owes its owners here; zero if it never published that.
    pub exit_total: u64,
    /// What was set aside for owners so far, and what they took of it.
    pub exit_pooled: u64,
    pub exit_paid: u64,
    /// When exits are paid from, in seconds; zero while the line is not open for them.
    pub exit_from: u64,
    /// What void claims returned lately: until then owners can't exit with it.
    pub kept: u64,
    pub kept_until: u64,
}

impl Line {
    #[inline(never)]
    pub fn new(client: &Address, mint: &Address, token_program: &Address, bumps: [u8; 2]) -> Line {
        Line {
            bump: bumps[0],
            escrow_bump: bumps[1],
            client: *client,
            mint: *mint,
            token_program: *token_program,
            escrowed: 0,
            claimed: 0,
            used_until: 0,
            exit_total: 0,
            exit_pooled: 0,
            exit_paid: 0,
            exit_from: 0,
            kept: 0,
            kept_until: 0,
        }
    }

    /// The line at a client's and mint's derived address; nothing if it was never opened.
    #[inline(never)]
    pub fn find(
        program: &Address,
        account: &AccountView,
        client: &CoreClient,
        mint: &Address,
    ) -> Result<Option<Line>, ProgramError> {
        if account.owned_by(&SYSTEM_PROGRAM) {
            require_derived(account, &[LINE_SEED, client.address.as_ref(), mint.as_ref()], program)?;
            return Ok(None);
        }
        let line = Line::read(program, account)?;
        require(line.client == client.address && &line.mint == mint, Fault::WrongLine)?;
        Ok(Some(line))
    }

    /// A line of a client.
    #[inline(never)]
    pub fn read_of(
        program: &Address,
        account: &AccountView,
        client: &CoreClient,
    ) -> Result<Line, ProgramError> {
        let line = Line::read(program, account)?;
        require(line.client == client.address, Fault::WrongLine)?;
        Ok(line)
    }

    #[inline(never)]
    fn read(program: &Address, account: &AccountView) -> Result<Line, ProgramError> {
        require_state(account, program, MAGIC, LINE_BYTES)?;
        let line = Line::decode(&account.try_borrow()?)?;
        require_derived_by(
            account,
            &[LINE_SEED, line.client.as_ref(), line.mint.as_ref(), &[line.bump]],
            program,
        )?;
        Ok(line)
    }

    pub fn write(&self, data: &mut [u8]) {
        let fields: [&[u8]; 12] = [
            self.client.as_ref(),
            self.mint.as_ref(),
            self.token_program.as_ref(),
            &self.escrowed.to_le_bytes(),
            &self.claimed.to_le_bytes(),
            &self.used_until.to_le_bytes(),
            &self.exit_total.to_le_bytes(),
            &self.exit_pooled.to_le_bytes(),
            &self.exit_paid.to_le_bytes(),
            &self.exit_from.to_le_bytes(),
            &self.kept.to_le_bytes(),
            &self.kept_until.to_le_bytes(),
        ];
        data[..8].copy_from_slice(MAGIC);
        data[8..11].copy_from_slice(&[1, self.bump, self.escrow_bump]);
        let mut place = 16;
        for field in fields {
            data[place..place + field.len()].copy_from_slice(field);
            place += field.len();
        }
    }

    #[inline(never)]
    fn decode(data: &[u8]) -> Result<Line, PacketFault> {
        let mut reader = Reader::new(data);
        let head = reader.array::<16>()?;
        Ok(Line {
            bump: head[9],
            escrow_bump: head[10],
            client: Address::new_from_array(*reader.array()?),
            mint: Address::new_from_array(*reader.array()?),
            token_program: Address::new_from_array(*reader.array()?),
            escrowed: reader.u64()?,
            claimed: reader.u64()?,
            used_until: u128::from_le_bytes(*reader.array()?),
            exit_total: reader.u64()?,
            exit_pooled: reader.u64()?,
            exit_paid: reader.u64()?,
            exit_from: reader.u64()?,
            kept: reader.u64()?,
            kept_until: reader.u64()?,
        })
    }
}
