export { decodeCoreClient, decodePending } from './src/core/accounts.ts'
export type { CoreClientAccount, PendingAccount } from './src/core/accounts.ts'
export {
  applicationAddress,
  callerAddress,
  clientAddress,
  packetAddress,
  portAddress,
  rootsAddress,
} from './src/core/addresses.ts'
export { readCoreEvents } from './src/core/events.ts'
export type { CoreEvent } from './src/core/events.ts'
export {
  acknowledgeInstruction,
  acknowledgeMessage,
  addClientInstruction,
  receiveInstruction,
  receiveMessage,
  retireInstruction,
  timeoutInstruction,
  timeoutMessage,
  touchInstruction,
} from './src/core/instructions.ts'
export type { PacketPlaces } from './src/core/instructions.ts'
export { decodePacket, encodePacket } from './src/core/packet-bytes.ts'
export { deployInstructions, isImmutable, programDataAddress } from './src/deploy.ts'
export type { Deployment } from './src/deploy.ts'
export { HINT_BYTES, hashToG1Hints } from './src/hints/hash-to-g1-hints.ts'
export { HUB_ACCOUNT_BYTES, decodeHubClient, decodeHubState, decodeKnownSet } from './src/hub-accounts.ts'
export type { HubClientAccount, HubStateAccount, KnownSetAccount } from './src/hub-accounts.ts'
export {
  UPDATE_OUTCOMES,
  closeHubState,
  hubClientAddress,
  hubStateAddress,
  initialiseHubClient,
  knownSetAddress,
  submitHubMisbehaviour,
  takeBackHubState,
  updateHubClient,
} from './src/hub-client.ts'
export type { HubClientAddress } from './src/hub-client.ts'
export { encodeHeader } from './src/hub-message.ts'
export type { BufferedMessage } from './src/instruction.ts'
export { PROGRAM_ERRORS } from './src/program-errors.ts'
export {
  RECORDER_GROWTH_VOTERS,
  growRecorderInstruction,
  openRecorderInstruction,
  recordInstruction,
  recorderAddress,
} from './src/recorder/instructions.ts'
export {
  UPLOAD_HEADER_BYTES,
  closeUploadInstruction,
  uploadAccounts,
  uploadInstructions,
  uploadedMessage,
} from './src/upload.ts'
export type { UploadAccounts } from './src/upload.ts'
export { decodeClaim, decodeLine } from './src/vault/accounts.ts'
export type { ClaimAccount, LineAccount } from './src/vault/accounts.ts'
export {
  associatedAddress,
  claimAddress,
  escrowAddress,
  lineAddress,
  paidAddress,
} from './src/vault/addresses.ts'
export {
  VAULT_PORT,
  depositInstruction,
  exitInstruction,
  exitMessage,
  initialiseVaultInstruction,
  openExitInstruction,
  openExitMessage,
  openLineInstruction,
  openWalletInstruction,
  payClaimInstruction,
  refundAccounts,
  voidClaimInstruction,
  withdrawalAccounts,
} from './src/vault/instructions.ts'
export type { Deposit, ExitClaim, LinePlaces } from './src/vault/instructions.ts'
