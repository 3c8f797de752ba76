// Command peer is the webhook gateway a team would write in Go: net/http, pgx, one table.
//
// It proves GitHub's signature over the exact body, commits the delivery, and only then answers 200. How deliveries
// reach the table is the one choice: "group" collects what arrived meanwhile into one statement, "pool" runs one
// INSERT for each request on one of 16 connections.
//
//	PEER_DATABASE  conninfo of PostgreSQL
//	PEER_LISTEN    address, for example 127.0.0.1:8080
//	PEER_PATH      path of the one endpoint
//	PEER_SECRET    its secret
//	PEER_STORE     group or pool
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

// A store commits deliveries; it returns once the delivery is durable, or with why it is not.
type store interface {
	commit(*delivery) error
}

func main() {
	// Twelve megabytes more than with the default of 100, for less time in the collector.
	debug.SetGCPercent(400)
	receiver := newReceiver([]byte(os.Getenv("PEER_SECRET")), os.Getenv("PEER_PATH"))
	var err error
	switch os.Getenv("PEER_STORE") {
	case "group":
		receiver.store, err = newGroupCommit(os.Getenv("PEER_DATABASE"))
	case "pool":
		receiver.store, err = newPool(os.Getenv("PEER_DATABASE"))
	default:
		log.Fatal("PEER_STORE: group or pool")
	}
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              os.Getenv("PEER_LISTEN"),
		Handler:           receiver,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ended
		limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(limit)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
