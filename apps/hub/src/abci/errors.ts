import { defineErrors } from '@causeway/primitives'

/** Codespace `abci`: what a peer on the ABCI socket or a recording can cause. Append-only. */
export const errors = defineErrors('abci', {
  frameTooLarge: [
    1,
    (d: { bytes: bigint; max: number }) => `a frame of ${d.bytes} bytes, at most ${d.max} are taken`,
  ],
  badFrameLength: [2, () => "a frame's length is no varint of 32 bits"],
  badAddress: [3, (d: { address: string }) => `${d.address} is neither unix://path nor tcp://host:port`],
  addressInUse: [4, (d: { address: string }) => `another process answers on ${d.address}`],
  emptyRequest: [5, () => 'a request without a method'],
  malformedMessage: [6, (d: { what: string }) => `${d.what} can't be decoded`],
  exception: [7, (d: { text: string }) => `the application answered with an exception: ${d.text}`],
  unexpectedResponse: [
    8,
    (d: { method: string }) => `the application answered ${d.method} with something else`,
  ],
  connectionLost: [9, () => 'the connection to the application was lost'],
  unsupported: [10, (d: { method: string }) => `${d.method} is not supported: there is no state sync yet`],
  internal: [11, (d: { id: string }) => `internal error ${d.id}`],

  badRecording: [20, (d: { reason: string }) => `the recording can't be read: ${d.reason}`],
  replayDiffers: [
    21,
    (d: { height: bigint; what: string; recorded: string; replayed: string }) =>
      `height ${d.height}: ${d.what} is ${d.replayed}, was recorded as ${d.recorded}`,
  ],
})
