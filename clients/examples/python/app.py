#!/usr/bin/python3
"""A small web application in Python with Authlib (Debian: python3-authlib, python3-requests): people sign in, see who
they are, sign out.

    onedoor app add permit-hall method=client_secret_basic grant=authorization_code scope=openid scope=profile \\
        redirect-uri=http://127.0.0.1:3000/callback post-logout-redirect-uri=http://127.0.0.1:3000/
    ONEDOOR_ISSUER=https://sso.city.example ONEDOOR_CLIENT_ID=permit-hall ONEDOOR_CLIENT_SECRET=... ./app.py

REQUESTS_CA_BUNDLE names your authority's certificate where it is not a public one.
"""
import html
import os
import secrets
import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import make_server

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken

ISSUER = os.environ["ONEDOOR_ISSUER"]
ID = os.environ["ONEDOOR_CLIENT_ID"]
SECRET = os.environ["ONEDOOR_CLIENT_SECRET"]
PORT = int(os.environ.get("PORT", "3000"))
HERE = f"http://127.0.0.1:{PORT}"



def fetch(url):
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer.json()


metadata = fetch(f"{ISSUER}/.well-known/openid-configuration")
assert metadata["issuer"] == ISSUER
sessions = {}  # in memory, so for one process; use a shared store for more


def id_token_claims(token, nonce):
    """OpenID Connect Core section 3.1.3.7. The keys are fetched each time: signing in is rare, rotation is seen."""
    claims = JsonWebToken(["ES256", "RS256"]).decode(
        token, JsonWebKey.import_key_set(fetch(metadata["jwks_uri"])), claims_cls=CodeIDToken,
        claims_options={"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": ID}},
        claims_params={"nonce": nonce, "client_id": ID})
    claims.validate(now=int(time.time()), leeway=5)
    return claims


def new_client():
    """One for each sign-in, since it keeps the tokens that it was given."""
    return OAuth2Session(ID, SECRET, scope="openid profile", redirect_uri=f"{HERE}/callback", code_challenge_method="S256",
                         token_endpoint_auth_method="client_secret_basic")


def start_session(what):
    """Always under a new name, so that nobody can prepare one for somebody else."""
    name = secrets.token_urlsafe(32)
    sessions[name] = what
    return [("Set-Cookie", f"session={name}; Path=/; HttpOnly; SameSite=Lax")]


def go(url, headers=()):
    return "303 See Other", [("Location", url), *headers], ""


def home(session, _environ):
    claims = session.get("claims")
    text = (f'<p>Signed in: {html.escape(claims["sub"])}, level {html.escape(claims["acr"])}</p>'
            '<p><a href="/sign-out">Sign out</a></p>' if claims else '<p><a href="/sign-in">Sign in</a></p>')
    return "200 OK", [("Cache-Control", "no-store")], f'<!doctype html><html lang="en"><title>Permit Hall</title>{text}</html>'


def sign_in(_session, _environ):
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    url, state = new_client().create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    return go(url, start_session({"verifier": verifier, "nonce": nonce, "state": state}))


def callback(session, environ):
    if "verifier" not in session:
        return go("/")
    query = environ["QUERY_STRING"]
    if parse_qs(query).get("iss") != [ISSUER]:  # RFC 9207, which Authlib leaves to us
        raise ValueError("the answer is from another issuer")
    tokens = new_client().fetch_token(metadata["token_endpoint"], authorization_response=f"{HERE}/callback?{query}",
                                      state=session["state"], code_verifier=session["verifier"], timeout=10)
    claims = id_token_claims(tokens["id_token"], session["nonce"])
    return go("/", start_session({"claims": claims, "id_token": tokens["id_token"]}))


def sign_out(session, _environ):
    if "id_token" not in session:
        return go("/")
    query = urlencode({"id_token_hint": session["id_token"], "post_logout_redirect_uri": f"{HERE}/"})
    return go(f'{metadata["end_session_endpoint"]}?{query}')


ROUTES = {"/": home, "/sign-in": sign_in, "/callback": callback, "/sign-out": sign_out}
ENDS_SESSION = {"/callback", "/sign-out"}


def application(environ, start_response):
    path = environ["PATH_INFO"]
    cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("session")
    name = cookie.value if cookie else None
    session = (sessions.pop(name, {}) if path in ENDS_SESSION else sessions.get(name, {}))
    route = ROUTES.get(path)
    try:
        status, headers, text = route(session, environ) if route else ("404 Not Found", [], "")
    except Exception as error:  # a forged or refused answer, or an outage: nobody is signed in
        print(f"{path}: {type(error).__name__}: {error}", flush=True)
        status, headers, text = "400 Bad Request", [], "Signing in did not work. Please try again."
    start_response(status, [("Content-Type", "text/html; charset=utf-8"), *headers])
    return [text.encode()]


if __name__ == "__main__":
    with make_server("127.0.0.1", PORT, application) as server:
        print(f"{HERE}/", flush=True)
        server.serve_forever()
