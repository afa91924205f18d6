// Cash joined to the ledger, clients, transfers and risk.
import {
  IBC_STORE_NAME,
  TRANSFER_PORT,
  clientStatus,
  createLightClientRegistry,
  transferToSendPacket,
  vaultPeer,
} from '@causeway/messaging'
import type { LightClient } from '@causeway/messaging'
import type { Context, ReadContext } from './block/context.ts'
import { messagingContext } from './block/messaging-context.ts'
import type { Module } from './block/module.ts'
import type { Bridge, Foundation } from './compose.ts'
import type { Holder } from './identifiers.ts'
import { createCash } from './modules/cash/cash.ts'
import type { Cash } from './modules/cash/cash.ts'
import { convertDeposit } from './modules/cash/convert.ts'
import { cashModule, salesModule } from './modules/cash/module.ts'
import type { CashPorts, Leaving } from './modules/cash/ports.ts'
import { socialise } from './modules/cash/socialise.ts'
import type { SalePorts } from './modules/cash/sell-down.ts'
import { CASH_STORE, isWaiting } from './modules/cash/state.ts'
import { writeOff } from './modules/cash/write-off.ts'
import type { Loss } from './modules/cash/write-off.ts'
import { voucherDenom } from './modules/ledger/lines.ts'
import type { Lines } from './modules/ledger/lines.ts'
import { addOutflow, usedOf } from './modules/ledger/outflow.ts'
import { isPaused } from './modules/ledger/pauses.ts'
import { LEDGER_STORE, findAsset, linesOf, readLine } from './modules/ledger/state.ts'
import type { Oracle } from './modules/oracle/oracle.ts'
import type { Risk } from './modules/risk/risk.ts'
import type { HubBank } from './modules/transfer/hub-bank.ts'
import type { HubBankPorts, TransferLine } from './modules/transfer/ports.ts'
import { CASH_POOL, INSURANCE_FUND, MARKET_HOUSE, WITHDRAWALS } from './named-accounts.ts'

/** What cash needs; what is a function is asked for when a block runs, so that it may be made after. */
export interface CashParts {
  readonly lightClients: readonly LightClient[]
  readonly oracle: Pick<Oracle, 'price'>
  lines(): Lines
  bank(): HubBank
  bridge(): Bridge
  risk(): Pick<Risk, 'checkWithdrawal' | 'requireFresh' | 'changed' | 'collateral' | 'value'>
  /** Offers collateral in the block's spot auction. */
  readonly sellCollateral: SalePorts['sell']
  readonly settleTrading?: CashPorts['settleTrading']
  /** Throws `insurance/1` while nothing may leave. */
  requireSolvent(context: ReadContext): void
  /** Is told that an account has come to owe something, or no longer does. */
  owingChanged(context: Context, account: Uint8Array): void
}

/** Cash, its module, and what a hub's bank asks of it. */
export interface JoinedCash {
  readonly cash: Cash
  readonly module: Module
  /** Sells debtors' collateral; begins a block after risk. */
  readonly sales: Module
  /** Takes what a line has lost out of the books. */
  readonly writeOff: (context: Context, loss: Loss) => void
  /** Ends so much of a debt at the cost of all positive cash; gives how much that could bear. */
  readonly socialise: (context: Context, holder: Holder, amountE6: bigint) => bigint
  /** Makes cash of what of an asset converts now. */
  readonly convert: (context: Context, holder: Holder, held: { asset: bigint; amount: bigint }) => void
  readonly bankPorts: Pick<
    HubBankPorts<TransferLine>,
    'waiting' | 'isWaiting' | 'deposited' | 'requireSolvent'
  >
}

/** Time that a withdrawal has to arrive. */
const TIMEOUT_SECONDS = 43_200n

/** Joins cash. */
export function joinCash(foundation: Foundation, parts: CashParts): JoinedCash {
  const ports = cashPorts(foundation, parts)
  const cash = createCash(ports)
  return {
    cash,
    writeOff: (context, loss) => writeOff(context, ports, loss),
    socialise: (context, holder, amountE6) => socialise(context, ports, holder, amountE6),
    convert: (context, holder, held) => convertDeposit(context, ports, holder, held),
    sales: salesModule(ports, {
      sell: parts.sellCollateral,
      collateral: (context, holder) =>
        parts
          .risk()
          .collateral(context, holder)
          .map((held) => parts.risk().value(context, held)),
    }),
    module: cashModule(cash, ports, { used: usedOf, add: addOutflow }),
    bankPorts: {
      waiting: WITHDRAWALS,
      requireSolvent: parts.requireSolvent,
      isWaiting: (context, line) => isWaiting(context.store(CASH_STORE), line),
      deposited: (context, { asset }, to, amount) => convertDeposit(context, ports, to, { asset, amount }),
    },
  }
}

function cashPorts({ addresses, accounts, ledger }: Foundation, parts: CashParts): CashPorts {
  const lightClients = createLightClientRegistry(parts.lightClients)
  return {
    addresses,
    pool: CASH_POOL,
    waiting: WITHDRAWALS,
    insuranceFund: INSURANCE_FUND,
    idle: MARKET_HOUSE,
    ensureAccount: accounts.ensure,
    moveAsset: ledger.move,
    balance: ledger.balance,
    asset: (context, id) => findAsset(context.store(LEDGER_STORE), id),
    assetOfDenom: (context, denom) =>
      findAsset(context.store(LEDGER_STORE), ledger.asset(context, denom).id)!,
    line: (context, id) => readLine(context.store(LEDGER_STORE), id),
    lineOfDenom: (context, denom) => parts.lines().find(context, denom),
    linesOf: (context, asset) => linesOf(context.store(LEDGER_STORE), asset),
    isOpen(context, line) {
      const store = context.store(IBC_STORE_NAME)
      const status = clientStatus(store, lightClients, line.client, context.timeNanoseconds)
      return status === 'Active' && !isPaused(context, line)
    },
    loseEscrow: (context, line, from, amount) => parts.lines().lose(context, line, from, amount),
    price: parts.oracle.price,
    room: (context, line) => parts.lines().room(context, line),
    requireReceiver: (client, receiver) => vaultPeer(client)?.requireReceiver(receiver),
    send: (context, leaving) => send(context, addresses, parts, leaving),
    checkWithdrawal: (context, holder) => parts.risk().checkWithdrawal(context, holder),
    requireFresh: (context, holder) => parts.risk().requireFresh(context, holder),
    requireSolvent: parts.requireSolvent,
    settleTrading: (context, holder) => parts.settleTrading?.(context, holder),
    changed: (_, holder) => parts.risk().changed(holder),
    owingChanged: (context, { account }) => parts.owingChanged(context, account),
  }
}

/** A transfer in the holder's name, to whom it returns when it isn't taken. */
function send(
  context: Context,
  addresses: Foundation['addresses'],
  parts: CashParts,
  { holder, line, amount, receiver }: Leaving,
): bigint {
  const messaging = messagingContext(context)
  const { ibc, transfer } = parts.bridge()
  const packet = transferToSendPacket(messaging, transfer.ports, {
    sourcePort: TRANSFER_PORT,
    sourceChannel: line.client,
    token: { denom: voucherDenom(line.denom), amount: amount.toString() },
    sender: addresses.encodeHolder(holder),
    receiver,
    timeoutHeight: undefined,
    timeoutTimestamp: context.timeSeconds + TIMEOUT_SECONDS,
    memo: '',
    encoding: '',
  })
  return parts.bank().sendWaiting(() => ibc.send(messaging, packet))
}
