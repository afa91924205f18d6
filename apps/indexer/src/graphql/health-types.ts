import type { Health, LevelChange, MarginCall, StandbyLine, WaitChange } from '../read/margin-calls.ts'
import type { Builder } from './builder.ts'
import { cashText, cashTextOrNull, secondsOrNull } from './decimals.ts'

const CASH = '6 places.'

/** Adds the enum of levels of health. */
export function addMarginLevelType(builder: Builder) {
  return builder.enumType('MarginLevel', {
    description: 'How much of its maintenance requirement a subaccount has left.',
    values: {
      HEALTHY: { value: 'healthy', description: 'At least half.' },
      WARNED: { value: 'warned', description: 'Less than half: top up.' },
      CALLED: { value: 'called', description: 'Less than a quarter: standby lines are called.' },
      BELOW: { value: 'below', description: 'Less than nothing: it is liquidated, or waits for a line.' },
    } as const,
  })
}

/** The enum of levels. */
export type MarginLevelType = ReturnType<typeof addMarginLevelType>

/** Adds how subaccounts stand and what was called. */
export function addHealthTypes(builder: Builder, level: MarginLevelType) {
  return {
    level,
    health: addHealthType(builder, level),
    change: addLevelChangeType(builder, level),
    line: addStandbyLineType(builder),
    call: addMarginCallType(builder),
    wait: addWaitType(builder),
  }
}

/** Types of health and margin calls. */
export type HealthTypes = ReturnType<typeof addHealthTypes>

function addHealthType(builder: Builder, level: MarginLevelType) {
  return builder.objectRef<Health>('Health').implement({
    description: 'How a subaccount stands by its events.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      level: t.field({ type: level, resolve: (row) => row.level as 'healthy' }),
      maintenanceMargin: t.field({
        type: 'Decimal',
        nullable: true,
        description: `When its level changed; ${CASH}`,
        resolve: (row) => cashTextOrNull(row.maintenanceMarginE6),
      }),
      maintenanceRequirement: t.field({
        type: 'Decimal',
        nullable: true,
        description: `Likewise; ${CASH}`,
        resolve: (row) => cashTextOrNull(row.maintenanceRequirementE6),
      }),
      changedHeight: t.field({
        type: 'UInt64',
        nullable: true,
        description: 'When its level changed.',
        resolve: (row) => row.changedHeight,
      }),
      overdraft: t.exposeString('overdraft', {
        description:
          '`selling`, or `stuck`, while it owes more than half of what collateral covers; else `none`.',
      }),
    }),
  })
}

function addLevelChangeType(builder: Builder, level: MarginLevelType) {
  return builder.objectRef<LevelChange>('MarginLevelChange').implement({
    description: 'A subaccount came to another level, at the end of a block.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      level: t.field({ type: level, resolve: (row) => row.level as 'healthy' }),
      before: t.field({ type: level, resolve: (row) => row.before as 'healthy' }),
      maintenanceMargin: t.field({
        type: 'Decimal',
        description: CASH,
        resolve: (row) => cashText(row.maintenanceMarginE6),
      }),
      maintenanceRequirement: t.field({
        type: 'Decimal',
        description: CASH,
        resolve: (row) => cashText(row.maintenanceRequirementE6),
      }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addStandbyLineType(builder: Builder) {
  return builder.objectRef<StandbyLine>('StandbyLine').implement({
    description: 'Tokens locked on another chain for a subaccount: they count nothing until they are called.',
    fields: (t) => ({
      account: t.exposeString('account', { description: 'Whose it is now.' }),
      subaccount: t.exposeInt('subaccount'),
      clientId: t.exposeString('client'),
      chainId: t.exposeString('chainId', { nullable: true }),
      line: t.field({ type: 'Hex', description: 'Its id there.', resolve: ({ line }) => line }),
      token: t.field({
        type: 'Hex',
        description: 'There: an address, padded on the left.',
        resolve: ({ token }) => token,
      }),
      amount: t.field({ type: 'Amount', description: 'As known here.', resolve: ({ amount }) => amount }),
      expires: t.field({
        type: 'Time',
        nullable: true,
        resolve: (row) => secondsOrNull(row.expirySeconds),
      }),
      status: t.exposeString('status', {
        description: '`locked`, `called`, `void`, `spent`, `expired` or `displaced`.',
      }),
      openedHeight: t.field({ type: 'UInt64', resolve: ({ openedHeight }) => openedHeight }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change.',
        resolve: ({ height }) => height,
      }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}

function addMarginCallType(builder: Builder) {
  return builder.objectRef<MarginCall>('MarginCall').implement({
    description: 'A standby line that was called, and what came of it.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      clientId: t.exposeString('client'),
      chainId: t.exposeString('chainId', { nullable: true }),
      line: t.field({ type: 'Hex', resolve: ({ line }) => line }),
      sequence: t.field({
        type: 'UInt64',
        description: 'Of the packet that called.',
        resolve: ({ sequence }) => sequence,
      }),
      asset: t.field({ type: 'UInt64', resolve: ({ asset }) => asset }),
      denom: t.exposeString('denom', { nullable: true }),
      amount: t.field({ type: 'Amount', description: 'Asked for.', resolve: ({ amount }) => amount }),
      pulled: t.field({
        type: 'Amount',
        nullable: true,
        description: 'What the line says that it gave; null until it has answered.',
        resolve: ({ pulled }) => pulled,
      }),
      status: t.exposeString('status', {
        description:
          '`sent`, `pulled` (answered), `delivered` (come in as a deposit), `refused` or `timed out`.',
      }),
      relayer: t.exposeString('relayer', { nullable: true, description: 'Who brought it in for a reward.' }),
      reward: t.field({
        type: 'Amount',
        nullable: true,
        description: "Out of what came in, in the line's token.",
        resolve: ({ reward }) => reward,
      }),
      sentHeight: t.field({ type: 'UInt64', resolve: ({ sentHeight }) => sentHeight }),
      sentTime: t.field({ type: 'Time', resolve: ({ sentNanoseconds }) => sentNanoseconds }),
      height: t.field({
        type: 'UInt64',
        description: 'Of its last change.',
        resolve: ({ height }) => height,
      }),
      time: t.field({
        type: 'Time',
        description: 'Of its last change.',
        resolve: ({ timeNanoseconds }) => timeNanoseconds,
      }),
    }),
  })
}

function addWaitType(builder: Builder) {
  return builder.objectRef<WaitChange>('MarginWait').implement({
    description: 'Liquidation of a subaccount began to wait for a line that was called, or ceased to.',
    fields: (t) => ({
      account: t.exposeString('account'),
      subaccount: t.exposeInt('subaccount'),
      status: t.exposeString('status', {
        description: '`began`, or why it ended: `recovered`, `time`, `margin` or `line`.',
      }),
      height: t.field({ type: 'UInt64', resolve: ({ height }) => height }),
      time: t.field({ type: 'Time', resolve: ({ timeNanoseconds }) => timeNanoseconds }),
    }),
  })
}
