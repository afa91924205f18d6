// What stands beside transfers on a hub: port `clearing`, deposits before finality, exit claims; joined to
// clients, lines, risk and stake.
import {
  CLEARING_PORT,
  IBC_STORE_NAME,
  TRANSFER_PORT,
  cameOver,
  clientStatus,
  clientTypeOf,
  createLightClientRegistry,
  decodeTransfer,
  withHop,
} from '@causeway/messaging'
import type { Delivery, LightClient, PacketApplication } from '@causeway/messaging'
import { prefixEnd, toHex, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import type { Context, ReadContext } from './block/context.ts'
import type { ChainMessagingContext } from './block/messaging-context.ts'
import type { Module } from './block/module.ts'
import type { Bridge } from './compose.ts'
import type { AddressCodec } from './identifiers.ts'
import type { Calls } from './modules/calls/calls.ts'
import type { Cash } from './modules/cash/cash.ts'
import { createClearing } from './modules/clearing/clearing.ts'
import { clearingModule } from './modules/clearing/module.ts'
import type { ClearingMessages, ClearingPorts } from './modules/clearing/ports.ts'
import { createExit } from './modules/exit/exit.ts'
import { exitModule } from './modules/exit/module.ts'
import type { ExitPorts } from './modules/exit/ports.ts'
import { meteredContext, payProof } from './modules/ibc/gas.ts'
import type { ReceivedPacket } from './modules/ibc/ibc.ts'
import { pendingPackets } from './modules/ibc/invariants.ts'
import type { LedgerPorts } from './modules/ledger/ledger.ts'
import { pathHash } from './modules/ledger/lines.ts'
import { isPaused } from './modules/ledger/pauses.ts'
import type { Lines } from './modules/ledger/lines.ts'
import { LEDGER_STORE, balances, lineOfPathHash, linesOf, readAsset } from './modules/ledger/state.ts'
import { createPreview } from './modules/preview/preview.ts'
import { previewModule } from './modules/preview/module.ts'
import type { PreviewPorts, PreviewedDeposit } from './modules/preview/ports.ts'
import type { RiskPorts } from './modules/risk/ports.ts'
import type { ValuedAsset } from './modules/risk/collateral.ts'
import type { Risk } from './modules/risk/risk.ts'
import { STAKING_STORE, findStakingParams, readEpochEnd } from './modules/staking/state.ts'
import { INSURANCE_FUND } from './named-accounts.ts'

/** What settlement needs; what is a function is asked for when a block runs, so that it may be made after. */
export interface SettlementParts {
  readonly addresses: AddressCodec
  readonly lightClients: readonly LightClient[]
  bridge(): Bridge
  lines(): Lines
  risk(): Risk
  cash(): Pick<Cash, 'owes'>
  /** The account that an address names: another one where its wallet was linked to it. */
  owner(context: ReadContext, address: Uint8Array): Uint8Array
  ensureAccount(context: Context, address: Uint8Array): void
  /** Whether an account has a position or an order in any subaccount. */
  trades(context: ReadContext, account: Uint8Array): boolean
  /** Takes trades that venues matched. */
  readonly clear: ClearingPorts['clear']
  calls(): Pick<Calls, 'ended' | 'delivered'>
}

/** What settlement gives to the rest of the hub. */
export interface Settlement {
  readonly modules: readonly Module[]
  readonly messages: ClearingMessages
  readonly balanceChanged: NonNullable<LedgerPorts['balanceChanged']>
  /** As `balanceChanged`, of a fee. */
  readonly feePaid: NonNullable<LedgerPorts['balanceChanged']>
  /** An account has begun to owe something, or owes nothing any more: its exit claims follow. */
  owingChanged(context: Context, account: Uint8Array): void
  readonly pendingE6: RiskPorts['pendingE6']
  /** The application on a port other than transfers'. */
  application(portId: string): PacketApplication<ChainMessagingContext> | undefined
  /** Whether a packet that is under way is no transfer. */
  isUnderWay(context: ReadContext, packet: ReceivedPacket): boolean
  received(context: Context, packet: ReceivedPacket): void
  /** A transfer has come in. */
  delivered(context: Context, delivery: Delivery, relayer: string): void
}

/** Of the keys of exit claims in store `ibc`. */
const EXIT_PREFIX = utf8('exit/')

/** Joins clearing, previews and exit claims. */
export function joinSettlement(parts: SettlementParts): Settlement {
  const { addresses } = parts
  const clearing = createClearing({
    addresses,
    sendPacket: (context, message) => parts.bridge().ibc.send(context, message),
    isListed: isListedToken,
    ...{ owner: parts.owner, ensureAccount: parts.ensureAccount },
    coverE6(context, { client, token, amount }) {
      const line = lineOf(context, standbyPath(client, token))
      return line === undefined ? 0n : amountOf(context, parts, line.asset, BigInt(amount)).initialValueE6
    },
    callEnded: (context, call) => parts.calls().ended(context, call),
    clear: parts.clear,
  })
  const preview = createPreview(previewPorts(parts))
  const exits = exitPorts(parts)
  const exit = createExit(exits)
  return {
    modules: [
      clearingModule({ pendingPackets, owner: parts.owner }),
      previewModule(preview, addresses),
      exitModule(exit, exits),
    ],
    messages: clearing,
    balanceChanged: exit.balanceChanged,
    feePaid: exit.feePaid,
    owingChanged: exit.owingChanged,
    pendingE6: preview.maintenanceValueE6,
    application: (portId) => (portId === CLEARING_PORT ? clearing.application : undefined),
    isUnderWay: clearing.isUnderWay,
    received: preview.received,
    delivered: (context, delivery, relayer) => tellCalls(context, parts, delivery, relayer),
  }
}

/** A deposit may be what a standby line gave. */
function tellCalls(
  context: Context,
  { addresses, owner, calls }: SettlementParts,
  { payload, destinationClient }: Delivery,
  relayer: string,
): void {
  const { denom, amount, receiver } = decodeTransfer(payload)
  const { account, subaccount } = addresses.decodeHolder(receiver)
  calls().delivered(context, {
    ...{ client: destinationClient, token: denom, amount },
    holder: { account: owner(context, account), subaccount },
    relayer: addresses.decode(relayer),
  })
}

/** A token of an EVM chain is named by its address, left-padded. */
function isListedToken(context: ReadContext, client: string, token: Uint8Array): boolean {
  if (clientTypeOf(client) !== 'ethereum' || token.subarray(0, 12).some((byte) => byte !== 0)) return false
  return lineOf(context, standbyPath(client, token))?.listed === true
}

/** The full path of a token that a standby line holds. */
export function standbyPath(client: string, token: Uint8Array): string {
  return `transfer/${client}/${standbyToken(token)}`
}

/** That token as transfers name it. */
export function standbyToken(token: Uint8Array): string {
  return `0x${toHex(token.subarray(12))}`
}

/** An amount of an asset, valued. */
export function amountOf(
  context: ReadContext,
  { risk }: { risk(): Pick<Risk, 'value'> },
  asset: bigint,
  amount: bigint,
): ValuedAsset {
  const { denom, decimals } = readAsset(context.store(LEDGER_STORE), asset)
  return risk().value(context, { asset, denom, decimals, amount })
}

/** The line of a path, if there is one. */
export function lineOf(context: ReadContext, path: string): Line | undefined {
  return lineOfPathHash(context.store(LEDGER_STORE), pathHash(path))
}

function previewPorts(parts: SettlementParts): PreviewPorts {
  const lightClients = createLightClientRegistry(parts.lightClients)
  return {
    addresses: parts.addresses,
    lightClients,
    deposit: (context, packet) => depositOf(context, parts, packet),
    value(context, asset, amount) {
      const valued = amountOf(context, parts, asset, amount)
      return valued.priceState === 'fresh' ? valued : undefined
    },
    insuranceE6: (context) => parts.risk().coverageE6(context, INSURANCE_FUND),
    isActive(context, client) {
      const store = context.store(IBC_STORE_NAME)
      return clientStatus(store, lightClients, client, context.timeNanoseconds) === 'Active'
    },
    metered(context, proof) {
      payProof(context, proof)
      return meteredContext(context)
    },
  }
}

/** What receiving a packet would credit; nothing for one that is more, or other, than a token from there. */
function depositOf(
  context: ReadContext,
  { addresses, bridge, owner }: SettlementParts,
  packet: Packet,
): PreviewedDeposit | undefined {
  const [payload, ...more] = packet.payloads
  if (payload?.destinationPort !== TRANSFER_PORT || more.length > 0) return undefined
  const data = decodeTransfer(payload)
  if (cameOver(data.denom, packet.sourceClient)) return undefined
  bridge().transfer.requireReceiver(data.receiver)
  const denom = withHop(data.denom, packet.destinationClient)
  const line = lineOf(context, denom)
  const { account, subaccount } = addresses.decodeHolder(data.receiver)
  return {
    holder: { account: owner(context, account), subaccount },
    line: line?.listed === true && !isPaused(context, line) ? { id: line.id, asset: line.asset } : undefined,
    denom,
    amount: data.amount,
  }
}

function exitPorts(parts: SettlementParts): ExitPorts {
  return {
    addresses: parts.addresses,
    line: (context, denom) => parts.lines().find(context, denom),
    linesOf: (context, asset) => linesOf(context.store(LEDGER_STORE), asset),
    held(context, account, asset) {
      let sum = 0n
      for (const held of balances(context.store(LEDGER_STORE), account)) {
        if (held.asset === asset) sum += held.amount
      }
      return sum
    },
    owesNothing: (context, account) =>
      !parts.cash().owes(context, account) && !parts.trades(context, account),
    writeClaim(context, key, value) {
      const store = context.store(IBC_STORE_NAME)
      if (value !== undefined) store.set(key, value)
      else if (store.has(key)) store.delete(key)
    },
    readClaim: (context, key) => context.store(IBC_STORE_NAME).get(key),
    claims: (context) => context.store(IBC_STORE_NAME).iterate(EXIT_PREFIX, prefixEnd(EXIT_PREFIX)),
    isEpochEnd(context) {
      const store = context.store(STAKING_STORE)
      return findStakingParams(store) !== undefined && context.height >= readEpochEnd(store)
    },
  }
}
