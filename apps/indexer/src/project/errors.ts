import { defineErrors } from '@causeway/primitives'

/** Codespace `indexer`: 1–9 events that can't be read. Append-only. */
export const errors = defineErrors('indexer', {
  missingAttribute: [1, (d: { event: string; key: string }) => `event ${d.event} has no attribute ${d.key}`],
  malformedAttribute: [
    2,
    (d: { event: string; key: string; expected: string }) =>
      `${d.key} of event ${d.event} is not ${d.expected}`,
  ],
  malformedPacket: [
    3,
    (d: { event: string; reason: string }) => `the packet of event ${d.event}: ${d.reason}`,
  ],
  malformedLog: [4, (d: { topic: string; reason: string }) => `log ${d.topic}: ${d.reason}`],
  unknownClient: [5, (d: { topic: string }) => `no client is known whose id has the hash ${d.topic}`],
})
