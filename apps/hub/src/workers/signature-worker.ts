// A thread that judges signatures: it sleeps until some are published, helps with them, and sleeps
// again, until there will be no more.
import { workerData } from 'node:worker_threads'
import { verifyFormed } from './native-signatures.ts'
import { SignatureRing } from './signature-ring.ts'

const ring = new SignatureRing(workerData as SharedArrayBuffer)
while (ring.waitPublished()) ring.work(verifyFormed)
