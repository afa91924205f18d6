// Runs in a thread of its own, as a feeder is a process of its own: a chain's busy block does not delay it.
import { parentPort, workerData } from 'node:worker_threads'
import { startFeeder, startSimulatedExchange } from '@causeway/feeder'
import { openControlDoor } from './control-door.ts'
import { feederConfig, moveable, simulatedUnderlyings } from './simulated-market.ts'

const exchange = await startSimulatedExchange({
  seed: 'devnet',
  port: 0,
  underlyings: simulatedUnderlyings(),
})
const feeder = await startFeeder({
  config: feederConfig(exchange.url),
  onFatal(error) {
    throw error
  },
})
const { token } = workerData as { readonly token: string }
const door = await openControlDoor(
  moveable((moves) => exchange.set({ moves })),
  token,
)
parentPort?.postMessage({ url: feeder.url, controlUrl: door.url })
