import {
  parseTransferKey,
  transferKeyText,
  transfersByKeys,
  type Stage,
  type Transfer,
  type TransferStatus,
} from '../read/transfers.ts'
import type { Builder } from './builder.ts'
import type { GraphqlContext } from './context.ts'

const statuses: Record<TransferStatus, { description: string }> = {
  INCLUDED: {
    description: 'In a block of the source chain that is not final yet: it may still be reorganised away.',
  },
  SENT: { description: 'In a final block of the source chain.' },
  CLIENT_UPDATED: {
    description: 'The client on the destination chain knows a header under which it can be proven.',
  },
  RECEIVED: { description: 'Proven on the destination chain, which refused it (or has not answered yet).' },
  CREDITED: { description: 'Proven and credited on the destination chain.' },
  ACKNOWLEDGED: { description: 'The source chain has seen the proof of the credit: done.' },
  TIMED_OUT: { description: 'Not received before its timeout; the refund waits for a relayer.' },
  REFUNDED: { description: 'Given back on the source chain, after a timeout or a refusal: done.' },
}

/** Adds `Transfer`, its stages and its status. */
export function addTransferType(builder: Builder) {
  const { status, direction } = addEnums(builder)
  const transfer = builder.objectRef<Transfer>('Transfer')
  builder.node(transfer, {
    description: 'One token transfer over IBC v2, as a timeline over both chains.',
    id: { resolve: ({ key }) => transferKeyText(key) },
    loadOne: (id, context) => loadTransfer(id, context),
    fields: (t) => ({
      direction: t.field({
        type: direction,
        resolve: (row, _arguments, context) => directionOf(row, context),
      }),
      status: t.field({ type: status, resolve: (row) => row.status }),
      sourceChainId: t.exposeString('sourceChainId', {
        description:
          'The chain that the receiving client names; `unknown:…` for a client of which nothing is known.',
      }),
      sourceClient: t.exposeString('sourceClient'),
      destinationChainId: t.exposeString('destinationChainId', { nullable: true }),
      destinationClient: t.exposeString('destinationClient'),
      sequence: t.field({ type: 'UInt64', resolve: ({ sequence }) => sequence }),
      denom: t.exposeString('denom', { description: 'Full path, as the source chain knows the token.' }),
      amount: t.field({ type: 'Amount', resolve: ({ amount }) => amount }),
      sender: t.exposeString('sender'),
      receiver: t.exposeString('receiver'),
      memo: t.exposeString('memo'),
      account: t.exposeString('account', { nullable: true, description: 'The hub account, `cway1…`.' }),
      subaccount: t.exposeInt('subaccount', { nullable: true }),
      asset: t.field({ type: 'UInt64', nullable: true, resolve: ({ asset }) => asset }),
      line: t.field({ type: 'UInt64', nullable: true, resolve: ({ line }) => line }),
      timeout: t.field({ type: 'Time', resolve: ({ timeoutSeconds }) => boundedTime(timeoutSeconds) }),
    }),
  })
  addTimeline(builder, transfer)
  return transfer
}

function addEnums(builder: Builder) {
  const status = builder.enumType('TransferStatus', {
    description: 'How far a transfer has come.',
    values: statuses,
  })
  const direction = builder.enumType('TransferDirection', {
    description: 'Seen from the hub.',
    values: {
      DEPOSIT: { description: 'Into the hub.' },
      WITHDRAWAL: { description: 'Out of the hub.' },
      OTHER: { description: 'Between two other chains.' },
    } as const,
  })
  return { status, direction }
}

function addTimeline(builder: Builder, transfer: ReturnType<typeof addTransferType>): void {
  const stage = builder.objectRef<Stage>('TransferStage').implement({
    description: 'Where and when one stage happened.',
    fields: (t) => ({
      chainId: t.exposeString('chainId'),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      transaction: t.exposeString('transaction', {
        description:
          'The hash as its chain writes it: upper-case hex, on EVM chains `0x…` in lower case, ' +
          'on Solana the signature in base58.',
      }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
      isFinal: t.exposeBoolean('isFinal', {
        description: 'Whether its block is final on its chain: a stage that is not may vanish again.',
      }),
    }),
  })
  builder.objectFields(transfer, (t) => ({
    sent: t.field({ type: stage, nullable: true, resolve: (row) => row.sent }),
    sentFinal: t.exposeBoolean('sentFinal', {
      description: 'Whether the block that sent it is final on its chain.',
    }),
    clientUpdated: t.field({ type: stage, nullable: true, resolve: (row) => row.clientUpdated }),
    received: t.field({ type: stage, nullable: true, resolve: (row) => row.received }),
    credited: t.field({
      type: stage,
      nullable: true,
      description: 'The same as `received` when the receiving application took it.',
      resolve: (row) => (row.accepted === true ? row.received : null),
    }),
    acknowledged: t.field({ type: stage, nullable: true, resolve: (row) => row.acknowledged }),
    refunded: t.field({
      type: stage,
      nullable: true,
      resolve: (row) => row.timedOut ?? (isGivenBack(row) ? row.acknowledged : null),
    }),
    refundReason: t.string({
      nullable: true,
      description: '`timeout` or `error`.',
      resolve: (row) =>
        row.refundReason ?? (row.status !== 'REFUNDED' ? null : row.timedOut ? 'timeout' : 'error'),
    }),
  }))
}

function isGivenBack({ acknowledged, accepted, refundReason }: Transfer): boolean {
  return acknowledged !== null && (accepted === false || refundReason !== null)
}

/** The transfer with this key; undefined when there is none. */
export async function loadTransfer(id: string, { database }: GraphqlContext): Promise<Transfer | undefined> {
  const key = parseTransferKey(id)
  if (key === undefined) return undefined
  const [found] = await transfersByKeys(database, [key])
  return found
}

function directionOf({ sourceChainId, destinationChainId }: Transfer, { hubChainId }: GraphqlContext) {
  if (sourceChainId === hubChainId) return 'WITHDRAWAL' as const
  return destinationChainId === hubChainId ? ('DEPOSIT' as const) : ('OTHER' as const)
}

const LATEST_SECONDS = 253_402_300_799n // the end of the year 9999

function boundedTime(seconds: bigint): bigint {
  return (seconds > LATEST_SECONDS ? LATEST_SECONDS : seconds) * 1_000_000_000n
}
