#!/usr/bin/env bash
# Sends a signed request to a lease server: lease.sh IDENTITY_FILE METHOD URL [BODY]
# An example of how requests are signed, and a way to release a lease by hand. Needs curl, openssl 3, xxd and bc.
set -euo pipefail
identity=$1 method=$2 url=$3 body=${4:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The identity file is base64 of 08 01 12 40, then 32 secret bytes, then the public key. OpenSSL wants the secret in PKCS #8.
base64 -d "$identity" > "$work/identity"
{ printf 302e020100300506032b657004220420 | xxd -r -p; tail -c +5 "$work/identity" | head -c 32; } > "$work/key.der"
openssl pkey -inform DER -in "$work/key.der" -out "$work/key.pem"

# The peer id is base58 of 00 24 08 01 12 20 and the public key.
hex=$(printf 002408011220; tail -c 32 "$work/identity" | xxd -p -c 64)
digits=123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz
number=$(bc <<< "ibase=16; ${hex^^}" | tr -d '\\\n') peer=
while [ "$number" != 0 ]; do
    peer=${digits:$(bc <<< "$number % 58" | tr -d '\\\n'):1}$peer
    number=$(bc <<< "$number / 58" | tr -d '\\\n')
done
peer=1$peer

rest=${url#*://} scheme=${url%%://*}
authority=${rest%%/*} target=/${rest#*/}
case $authority in *:*) ;; *) [ "$scheme" = https ] && authority+=:443 || authority+=:80 ;; esac
time=$(date +%s)
nonce=$(openssl rand -hex 16)
hash=$(printf %s "$body" | openssl dgst -sha256 -r | cut -d' ' -f1)

printf '%s\n' 'subnetvpn lease request v1' "$method" "$authority" "$target" "$peer" "$time" "$nonce" "$hash" > "$work/text"
signature=$(openssl pkeyutl -sign -rawin -inkey "$work/key.pem" -in "$work/text" | base64 -w0)

exec curl --silent --show-error --request "$method" --data-raw "$body" \
    --header "Lease-Peer: $peer" --header "Lease-Time: $time" --header "Lease-Nonce: $nonce" --header "Lease-Signature: $signature" \
    --write-out '\n%{http_code}\n' "$url"
