package main

import (
	"context"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const (
	poolSize  = 16
	insertOne = `INSERT INTO deliveries (id, org_id, endpoint_id, platform, headers, body) VALUES ($1, $2, $3, $4, $5, $6)`
)

// One format for all parameters: what the driver is given is in PostgreSQL's binary form already.
var binaryFormat = []int16{1}

// A pool commits each delivery by a statement of its own.
type pool struct {
	connections *pgxpool.Pool
}

func newPool(database string) (*pool, error) {
	config, err := pgxpool.ParseConfig(database)
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolSize
	config.MinConns = poolSize
	config.AfterConnect = func(ctx context.Context, connection *pgx.Conn) error {
		_, err := connection.PgConn().Prepare(ctx, "insert", insertOne, nil)
		return err
	}
	connections, err := pgxpool.ConnectConfig(context.Background(), config)
	if err != nil {
		return nil, err
	}
	return &pool{connections}, nil
}

// commit does not end with the request's context: what was sent to PostgreSQL may be committed, whoever waits for it.
func (p *pool) commit(d *delivery) error {
	ctx := context.Background()
	connection, err := p.connections.Acquire(ctx)
	if err != nil {
		return err
	}
	defer connection.Release()
	// The driver's lower floor: nothing is to be converted.
	_, err = connection.Conn().PgConn().ExecPrepared(ctx, "insert", [][]byte{
		d.id[:], d.endpoint.organization[:], d.endpoint.id[:], []byte(d.endpoint.platform), d.headers, d.body,
	}, binaryFormat, nil).Close()
	return err
}
