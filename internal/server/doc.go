// Package server is the house in which the pages and the API live: the Gin
// engine, what every request passes before it reaches a handler, and the way the
// program listens and stops.
//
// A request passes, in this order: the pace that keeps slow clients from holding
// the server up; the probes; then on the engine the clean-up of uploads, request
// ID, log and metrics, recovery from a panic, security headers, compression, the
// check for requests forged by other sites, the search for who is asking, whose
// answer [auth.ActorOf] reads from the context, and the limit of its body: the
// page on which that is refused is the visitor's own.
//
// The package must not know what is served. What it refuses by itself it words as
// a status, a code and a sentence, and leaves the form of the answer to the edge
// that the address belongs to, see [Server.Answer].
package server
