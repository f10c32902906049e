// The WebSocket tracker of bittorrent-tracker alone: its own program also loads the client, which needs a native module.
import Server from 'bittorrent-tracker/server'

const server = new Server({ udp: false, http: false, ws: true, stats: false, trustProxy: false })
server.on('error', error => { throw error })
server.on('warning', warning => console.log(`warning: ${warning.message}`))
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('WebSocket tracker'))
