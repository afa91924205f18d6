// Runs in a thread of its own: making an empty Postgres takes seconds of computing, and the chains should go
// on meanwhile.
import { workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

const { path } = workerData as { readonly path: string }
const database = await PGlite.create(path)
await database.close()
