// What an independent implementation says of the portal's tokens. It reads one request from its standard input and writes one answer, both JSON.
import { text } from 'node:stream/consumers';
import * as jose from 'jose';

const failed = promise => promise.then(() => 'accepted', failure => failure.code ?? failure.name);

const answers = {
  // The token, from the key set alone.
  async verify({ jwks, token, issuer, audience }) {
    const keys = jose.createRemoteJWKSet(new URL(jwks));
    const expected = { issuer, audience, algorithms: ['ES256'] };
    const { payload, protectedHeader } = await jose.jwtVerify(token, keys, expected);
    const published = await (await fetch(jwks)).json();
    const [header, claims, signature] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...payload, sub: 'somebody else' })).toString('base64url');
    const bent = Buffer.from(signature, 'base64url');
    bent[10] ^= 1;
    return {
      payload,
      protectedHeader,
      thumbprints: await Promise.all(published.keys.map(({ kty, crv, x, y }) => jose.calculateJwkThumbprint({ kty, crv, x, y }, 'sha256'))),
      otherClaims: await failed(jose.jwtVerify(`${header}.${other}.${signature}`, keys, expected)),
      otherSignature: await failed(jose.jwtVerify(`${header}.${claims}.${bent.toString('base64url')}`, keys, expected)),
      otherIssuer: await failed(jose.jwtVerify(token, keys, { ...expected, issuer: 'https://example.com' })),
      otherAudience: await failed(jose.jwtVerify(token, keys, { ...expected, audience: 'somebody' })),
      later: await failed(jose.jwtVerify(token, keys, { ...expected, currentDate: new Date((payload.exp + 1) * 1000) })),
    };
  },

  // A token with the given header and claims: by the given key, or by one that nobody knows.
  async sign({ jwk, header, claims }) {
    const key = jwk ? await jose.importJWK(jwk, 'ES256') : (await jose.generateKeyPair('ES256')).privateKey;
    return { token: await new jose.SignJWT(claims).setProtectedHeader(header).sign(key) };
  },
};

const request = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await answers[request.do](request)));
