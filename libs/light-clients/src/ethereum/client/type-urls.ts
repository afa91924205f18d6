const PACKAGE = '/causeway.lightclients.ethereum.v1'

/** Type URL of a client state. */
export const ETHEREUM_CLIENT_STATE_TYPE_URL = `${PACKAGE}.ClientState`
/** Type URL of a consensus state. */
export const ETHEREUM_CONSENSUS_STATE_TYPE_URL = `${PACKAGE}.ConsensusState`
/** Type URL of a header: one update of the sync protocol. */
export const ETHEREUM_HEADER_TYPE_URL = `${PACKAGE}.Header`
/** Type URL of misbehaviour: two headers. */
export const ETHEREUM_MISBEHAVIOUR_TYPE_URL = `${PACKAGE}.Misbehaviour`
