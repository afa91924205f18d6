export { blockSeconds } from './context.ts'
export type { Event, EventAttribute, MessagingContext } from './context.ts'
export type { KeyValueReader, KeyValueStore } from './store.ts'
export { errors as ibcErrors } from './errors.ts'
export {
  CLIENT_ID_LENGTH,
  clientTypeOf,
  isClientId,
  isPortId,
  requireClientId,
  requirePortId,
} from './identifiers.ts'
export { PROTOCOL_VERSION, packetCommitment, payloadHash } from './commitments/packet-commitment.ts'
export type { CommittedPacket, CommittedPayload } from './commitments/packet-commitment.ts'
export {
  ACKNOWLEDGEMENT_BYTES_MAX,
  ERROR_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  isErrorAcknowledgement,
  requireAcknowledgement,
} from './commitments/acknowledgement-commitment.ts'
export {
  IBC_STORE_NAME,
  NEXT_CLIENT_SEQUENCE_KEY,
  RECEIPT_VALUE,
  clientPrefix,
  nextSequenceSendKey,
  packetAcknowledgementKey,
  packetAcknowledgementPrefix,
  packetCommitmentKey,
  packetCommitmentPrefix,
  packetReceiptKey,
} from './commitments/store-keys.ts'
export { merklePath } from './commitments/merkle-path.ts'
export { clientStatus, requireActiveClient, requireClient } from './client/active-client.ts'
export type { ClientStatus, OpenClient } from './client/active-client.ts'
export { word } from './abi/abi-words.ts'
export { errors as clearingErrors } from './clearing/clearing-errors.ts'
export {
  CLEARING_KINDS,
  CLEARING_PORT,
  CLEARING_VERSION,
  clearingPayload,
  readClearingPayload,
} from './clearing/clearing-payload.ts'
export type { ClearingMessage } from './clearing/clearing-payload.ts'
export { encodeGovernanceCall } from './clearing/governance-call.ts'
export type { GovernanceCall } from './clearing/governance-call.ts'
export { decodeStandbyLocked, encodeMarginCall, readPulled } from './clearing/standby-lines.ts'
export type { MarginCall, StandbyLocked } from './clearing/standby-lines.ts'
export { TRADES_MAX, decodeTrades, encodeTradeAnswers } from './clearing/trades.ts'
export type { Trade, TradeAnswer } from './clearing/trades.ts'
export { heightText } from './client/client-events.ts'
export { beganWith } from './client/client-origin.ts'
export { CLIENT_KEYS, openClientStore, readClientStore } from './client/client-store.ts'
export { findCounterparty, requireCounterparty } from './client/counterparty.ts'
export { createClient } from './client/create-client.ts'
export type {
  ClientContext,
  ClientStore,
  LightClient,
  LightClientStatus,
  OptimisticHead,
} from './client/light-client.ts'
export { forgetDeadClient, recoverClient } from './client/recover-client.ts'
export type { Recovery } from './client/recover-client.ts'
export { registerCounterparty } from './client/register-counterparty.ts'
export { createLightClientRegistry } from './client/registry.ts'
export type { LightClientRegistry } from './client/registry.ts'
export { updateClient } from './client/update-client.ts'
export type { UpdateClientResult } from './client/update-client.ts'
export { acknowledgePacket } from './packet/acknowledge-packet.ts'
export {
  PAYLOADS_MAX,
  PAYLOAD_BYTES_MAX,
  PAYLOAD_LABEL_MAX,
  PROOF_BYTES_MAX,
  requirePacketForm,
} from './packet/packet-form.ts'
export type { Delivery, PacketApplication, PacketPorts, ReceiveResult } from './packet/packet-ports.ts'
export { previewPacket } from './packet/preview-packet.ts'
export type { PreviewedPacket } from './packet/preview-packet.ts'
export { recvPacket } from './packet/recv-packet.ts'
export { TIMEOUT_SECONDS_MAX, sendPacket } from './packet/send-packet.ts'
export { timeoutPacket } from './packet/timeout-packet.ts'
export { ibcQueries } from './query/ibc-queries.ts'
export { PAGE_LIMIT, paginate } from './query/paginate.ts'
export type { Page, Walk } from './query/paginate.ts'
export { QUERY_BYTES_MAX, queryMethod } from './query/query-context.ts'
export type { QueryContext, QueryHandler } from './query/query-context.ts'
export {
  DENOMINATION_PATH_MAX,
  TRANSFER_PORT,
  cameOver,
  denominationHash,
  denominationPath,
  parseDenomination,
  voucherOf,
  withHop,
  withoutHop,
} from './transfer/denomination.ts'
export type { Denomination, Hop } from './transfer/denomination.ts'
export { findDenomination, rememberDenomination, resolveVoucher } from './transfer/denomination-store.ts'
export { escrowAddress } from './transfer/escrow-address.ts'
export {
  MEMO_BYTES_MAX,
  TRANSFER_ENCODINGS,
  TRANSFER_VERSION,
  decodeTransfer,
  encodeTransfer,
  requireTransfer,
} from './transfer/packet-data.ts'
export type { FungibleTokenPacketData } from './transfer/packet-data.ts'
export { SUCCESS_ACKNOWLEDGEMENT, readTransferAcknowledgement } from './transfer/transfer-acknowledgement.ts'
export type { TransferAnswer } from './transfer/transfer-acknowledgement.ts'
export { createTransferApplication } from './transfer/transfer-application.ts'
export { errors as transferErrors } from './transfer/transfer-errors.ts'
export { createTransferQueries } from './transfer/transfer-queries.ts'
export { transferToSendPacket } from './transfer/transfer-message.ts'
export type {
  Bank,
  TokenMovement,
  TransferAccounts,
  TransferPeer,
  TransferPorts,
} from './transfer/transfer-ports.ts'
export { vaultPeer } from './transfer/vault-peers.ts'
export type { VaultPeer } from './transfer/vault-peers.ts'
