"""Seals secrets of endpoints as the program does, so that ten thousand endpoints need not ten thousand starts of it."""

import base64
import ctypes
import ctypes.util
import hashlib
import os

from .installation import Failure

VERSION = b"\x01"
NONCE_BYTES, TAG_BYTES = 12, 16
GET_TAG = 0x10  # EVP_CTRL_AEAD_GET_TAG


class Sealer:
    """An installation's sealing key: AES-256-GCM by libcrypto, which the program is linked with as well."""

    def __init__(self, installation):
        with open(installation.environment["POSTERN_KEY_FILE"], "rb") as file:
            self._key = base64.b64decode(file.read())
        self._library = ctypes.CDLL(ctypes.util.find_library("crypto"))
        for name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_gcm"):
            getattr(self._library, name).restype = ctypes.c_void_p

    def seal(self, secret, endpoint, kind="signing"):
        """The bytes of `endpoint_secrets.sealed`: version, key, nonce, ciphertext, tag; bound to endpoint and kind."""
        nonce = os.urandom(NONCE_BYTES)
        box = self._encrypt(secret.encode(), nonce, endpoint.bytes + kind.encode())
        return VERSION + hashlib.sha256(self._key).digest()[:4] + nonce + box

    def _encrypt(self, plain, nonce, bound):
        library, written = self._library, ctypes.c_int()
        context = ctypes.c_void_p(library.EVP_CIPHER_CTX_new())
        output, tag = ctypes.create_string_buffer(len(plain)), ctypes.create_string_buffer(TAG_BYTES)
        cipher = ctypes.c_void_p(library.EVP_aes_256_gcm())
        steps = (
            lambda: library.EVP_EncryptInit_ex(context, cipher, None, self._key, nonce),
            lambda: library.EVP_EncryptUpdate(context, None, ctypes.byref(written), bound, len(bound)),
            lambda: library.EVP_EncryptUpdate(context, output, ctypes.byref(written), plain, len(plain)),
            lambda: library.EVP_EncryptFinal_ex(context, None, ctypes.byref(written)),
            lambda: library.EVP_CIPHER_CTX_ctrl(context, GET_TAG, TAG_BYTES, tag),
        )
        try:
            if not all(step() == 1 for step in steps):
                raise Failure("libcrypto could not seal a secret")
        finally:
            library.EVP_CIPHER_CTX_free(context)
        return output.raw + tag.raw
