package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"log"
	"net/http"
	"sync"
)

const (
	bodyLimit       = 1 << 20
	signatureHeader = "X-Hub-Signature-256"
	signaturePrefix = "sha256="
)

// The answers' fields that never change: assigning a slice saves what Header().Set allocates.
var noContent = []string{"0"}

// A receiver answers webhook requests.
type receiver struct {
	store      store
	path       string
	endpoint   endpoint
	signers    sync.Pool // hash.Hash keyed with the secret: Reset restores the keyed state, so the key is hashed once
	deliveries sync.Pool // *delivery, with its buffers
}

// An endpoint is where deliveries belong.
type endpoint struct {
	organization, id [16]byte
	platform         string
}

func newReceiver(secret []byte, path string) *receiver {
	r := &receiver{path: path, endpoint: endpoint{organization: newID(), id: newID(), platform: "github"}}
	r.signers.New = func() any { return hmac.New(sha256.New, secret) }
	r.deliveries.New = func() any { return &delivery{done: make(chan error, 1)} }
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if request.URL.Path != r.path {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if request.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if request.ContentLength > bodyLimit {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	d := r.deliveries.Get().(*delivery)
	defer r.deliveries.Put(d)
	if status := d.readBody(request); status != http.StatusOK {
		w.WriteHeader(status)
		return
	}
	if !r.proves(request.Header.Get(signatureHeader), d.body) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	d.id = newID()
	d.endpoint = &r.endpoint
	d.keepHeaders(request.Header)
	if err := r.store.commit(d); err != nil {
		log.Print(err)
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header()["Content-Length"] = noContent
	w.WriteHeader(http.StatusOK)
}

// proves compares in constant time whether the signature is that of the body.
func (r *receiver) proves(signature string, body []byte) bool {
	if len(signature) != len(signaturePrefix)+2*sha256.Size || signature[:len(signaturePrefix)] != signaturePrefix {
		return false
	}
	var claimed, text [2 * sha256.Size]byte
	copy(text[:], signature[len(signaturePrefix):])
	if _, err := hex.Decode(claimed[:sha256.Size], text[:]); err != nil {
		return false
	}
	signer := r.signers.Get().(hash.Hash)
	defer r.signers.Put(signer)
	signer.Reset()
	signer.Write(body)
	var expected [sha256.Size]byte
	return hmac.Equal(signer.Sum(expected[:0]), claimed[:sha256.Size])
}

// A delivery is one request on its way into the table. Its buffers are used again for later requests.
type delivery struct {
	id       [16]byte
	endpoint *endpoint
	headers  []byte
	body     []byte
	done     chan error
}

// readBody reads the whole body into the buffer; the status says why it could not.
func (d *delivery) readBody(request *http.Request) int {
	if length := request.ContentLength; length >= 0 {
		if int64(cap(d.body)) < length {
			d.body = make([]byte, length)
		}
		d.body = d.body[:length]
		if _, err := io.ReadFull(request.Body, d.body); err != nil {
			return http.StatusBadRequest
		}
		return http.StatusOK
	}
	body, err := io.ReadAll(io.LimitReader(request.Body, bodyLimit+1))
	if err != nil {
		return http.StatusBadRequest
	}
	if len(body) > bodyLimit {
		return http.StatusRequestEntityTooLarge
	}
	d.body = body
	return http.StatusOK
}

// keepHeaders writes the header as "Name: value" lines.
func (d *delivery) keepHeaders(header http.Header) {
	d.headers = d.headers[:0]
	for name, values := range header {
		for _, value := range values {
			d.headers = append(d.headers, name...)
			d.headers = append(d.headers, ": "...)
			d.headers = append(d.headers, value...)
			d.headers = append(d.headers, '\n')
		}
	}
}
