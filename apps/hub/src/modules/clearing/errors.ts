import { defineErrors } from '@causeway/primitives'

/** Codespace `clearing` from 20 on (1–19 are of libs/messaging): what this chain refuses. Append only. */
export const errors = defineErrors('clearing', {
  notFound: [22, (d: { what: string }) => `${d.what} not found`],
  kindNotTaken: [
    23,
    (d: { kind: number }) => `this chain takes trades and standby lines, not kind ${d.kind}`,
  ],
  notOurs: [24, () => 'only this chain itself sends by port clearing'],
  tokenNotListed: [
    25,
    (d: { client: string }) => `a standby line holds a token that is a listed line of ${d.client}`,
  ],
  standbyExists: [26, () => 'the standby line stands already'],
  standbyExpired: [27, (d: { expirySeconds: bigint }) => `the standby line expired at ${d.expirySeconds}`],
  standbyEmpty: [28, () => 'a standby line holds something'],
  standbyNotLocked: [29, (d: { status: string }) => `the standby line is ${d.status}, expected locked`],
  badCall: [30, (d: { held: bigint }) => `a margin call asks for 1 to ${d.held}`],
  dataTooLong: [31, (d: { max: number }) => `a governance call has at most ${d.max} bytes`],
  standbyTooSmall: [
    32,
    (d: { valueE6: bigint; minE6: bigint }) =>
      `a standby line covers at least ${d.minE6} micro-cash, this one ${d.valueE6}`,
  ],
  tooManyStandby: [
    33,
    (d: { max: number }) =>
      `a subaccount has at most ${d.max} lines of its own, as many of others: expected one of more value`,
  ],
})
