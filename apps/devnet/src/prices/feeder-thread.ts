// Runs in a thread of its own, as a feeder is a process of its own: a chain's busy block does not delay it.
import { parentPort } from 'node:worker_threads'
import { startFeeder, startSimulatedExchange } from '@causeway/feeder'
import { feederConfig, simulatedUnderlyings } from './simulated-market.ts'

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
parentPort?.postMessage(feeder.url)
