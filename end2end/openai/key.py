"""Makes a key for a program, as a person does in the page: over the page's own connection.

Where Wick is comes in OPENAI_BASE_URL, a link that signs in in WICK_LINK.
"""

import json
import os
import urllib.request

URL = os.environ["OPENAI_BASE_URL"].removesuffix("/v1")
CONNECTION = "00112233445566778899aabbccddeeff"


def post(path, body, headers):
    headers = {"content-type": "application/json", **headers}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    return urllib.request.urlopen(request)


def sign_in():
    code = os.environ["WICK_LINK"].split("#key=")[1]
    answer = post("/sign-in", {"code": code}, {})
    cookie = answer.headers["set-cookie"].split(";")[0]
    return {"cookie": cookie, "wick-secret": json.load(answer)["secret"]}


def make_key(name, scope):
    """Gives the key, which is told once."""
    signed = sign_in()
    events = f"/events?connection={CONNECTION}"
    hello = {"hello": {"seen": None, "chat": None, "reached": None}}
    make = {"make_key": {"name": name, "scope": scope, "models": []}}
    with urllib.request.urlopen(urllib.request.Request(URL + events, headers=signed)) as told:
        post(events, [hello, make], signed)
        for line in told:
            if line.startswith(b"data: "):
                message = json.loads(line[6:])
                if "key_made" in message:
                    return message["key_made"]["key"]
    raise AssertionError("no key was made")
