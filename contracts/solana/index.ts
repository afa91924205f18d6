export {
  calledInstructions,
  readCoreEvents,
  readReopenedPackets,
  readTransactionEvents,
} from './src/core/events.ts'
export type { CalledInTransaction, CalledInstruction, CoreEvent } from './src/core/events.ts'
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
export { encodePacket } from './src/core/packet-bytes.ts'
export { deployInstructions, isImmutable, programDataAddress } from './src/deploy.ts'
export type { Deployment } from './src/deploy.ts'
export {
  callerAddress,
  clientAddress,
  decodeCoreClient,
  decodePending,
  packetAddress,
  portAddress,
  rootsAddress,
} from './src/generated/core.ts'
export type { CoreClientAccount, PendingAccount } from './src/generated/core.ts'
export { decodeHubClient, decodeHubState, decodeKnownSet } from './src/generated/hub-client.ts'
export type { HubClientAccount, HubStateAccount, KnownSetAccount } from './src/generated/hub-client.ts'
export { stakesAddress as recorderAddress } from './src/generated/recorder.ts'
export {
  applicationAddress,
  claimAddress,
  decodeClaim,
  decodeLine,
  escrowAddress,
  lineAddress,
} from './src/generated/vault.ts'
export type { ClaimAccount, LineAccount } from './src/generated/vault.ts'
export { HINT_BYTES, hashToG1Hints } from './src/hints/hash-to-g1-hints.ts'
export {
  HUB_ACCOUNT_BYTES,
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
export { PROGRAM_ERRORS, programError } from './src/program-errors.ts'
export type { ProgramError, ProgramErrorName } from './src/program-errors.ts'
export {
  RECORDER_GROWTH_VOTERS,
  RECORDER_VOTERS_MAX,
  growRecorderInstruction,
  openRecorderInstruction,
  recordInstruction,
} from './src/recorder/instructions.ts'
export {
  UPLOAD_HEADER_BYTES,
  closeUploadInstruction,
  uploadAccounts,
  uploadInstructions,
  uploadedMessage,
} from './src/upload.ts'
export type { UploadAccounts } from './src/upload.ts'
export { associatedAddress, paidAddress } from './src/vault/addresses.ts'
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
