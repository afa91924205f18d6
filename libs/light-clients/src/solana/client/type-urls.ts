const PACKAGE = '/causeway.lightclients.solana.v1'

/** Type URL of a client state. */
export const SOLANA_CLIENT_STATE_TYPE_URL = `${PACKAGE}.ClientState`
/** Type URL of a consensus state. */
export const SOLANA_CONSENSUS_STATE_TYPE_URL = `${PACKAGE}.ConsensusState`
/** Type URL of a header: a slot, what settles its bank hash, and what it wrote. */
export const SOLANA_HEADER_TYPE_URL = `${PACKAGE}.Header`
/** Type URL of misbehaviour: two settled banks of one slot. */
export const SOLANA_MISBEHAVIOUR_TYPE_URL = `${PACKAGE}.Misbehaviour`
