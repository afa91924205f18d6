import { defineErrors } from '@causeway/primitives'

/** Codespace `cash`. 1–19 cash, 20–39 conversion and redemption, 40–59 withdrawals. Append only. */
export const errors = defineErrors('cash', {
  badAmount: [1, () => 'expected a whole number of micro-cash from 1 to 2^100'],
  insufficient: [
    2,
    (d: { needE6: bigint; freeE6: bigint; lockedE6: bigint }) =>
      `${d.needE6} micro-cash needed, ${d.freeE6} free (${d.lockedE6} gained in the last 10 minutes)`,
  ],
  sameHolder: [3, () => 'expected another subaccount or account'],
  blockedReceiver: [
    4,
    (d: { receiver: string }) => `${d.receiver} is the chain’s own: nobody can send to it`,
  ],
  overdrawn: [
    5,
    () => 'this subaccount owes more than half of what its collateral covers: it can open nothing now',
  ],
  notConvertible: [20, (d: { asset: bigint }) => `asset ${d.asset} does not convert into cash`],
  stopped: [
    21,
    (d: { asset: bigint; reason: string }) => `asset ${d.asset} does not convert now: ${d.reason}`,
  ],
  notWholeMicro: [
    22,
    (d: { unit: bigint }) => `expected a multiple of ${d.unit}: a whole number of the smaller unit`,
  ],
  poolTooLow: [
    23,
    (d: { asset: bigint; heldE6: bigint }) => `the pool holds ${d.heldE6} micro-units of asset ${d.asset}`,
  ],
  lossTooLarge: [
    24,
    (d: { asset: bigint; heldE6: bigint }) =>
      `only ${d.heldE6} micro-units of asset ${d.asset} are insurance’s or the pool’s: others hold the rest`,
  ],
  unknownWithdrawal: [40, (d: { id: bigint }) => `no withdrawal ${d.id} of this subaccount waits`],
  badReceiver: [41, () => 'expected a receiver of 1 to 128 printable characters without spaces'],
  otherAsset: [42, (d: { line: bigint }) => `line ${d.line} is of another asset: cancel, and redeem over it`],
  lineClosed: [
    43,
    (d: { client: string }) =>
      `client ${d.client} is not active, or the line is paused: nothing leaves over it`,
  ],
  tooManyWaiting: [44, (d: { max: number }) => `${d.max} withdrawals of this account wait already`],
})
