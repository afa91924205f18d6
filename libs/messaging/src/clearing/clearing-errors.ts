import { defineErrors } from '@causeway/primitives'

/** Codespace `clearing` up to 99: what is wrong with a payload of port `clearing`. Append only. */
export const errors = defineErrors('clearing', {
  wrongPort: [1, (d: { portId: string }) => `port '${d.portId}': expected 'clearing' at both ends`],
  wrongVersion: [2, (d: { version: string }) => `version '${d.version}', expected 'causeway-clearing-1'`],
  wrongEncoding: [3, (d: { encoding: string }) => `encoding '${d.encoding}', expected ABI`],
  malformed: [4, (d: { offset: number; reason: string }) => `ABI, byte ${d.offset}: ${d.reason}`],
  tooManyTrades: [5, (d: { count: number; max: number }) => `${d.count} trades, at most ${d.max}`],
})
