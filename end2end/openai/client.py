"""OpenAI's own package talks to Wick. Where Wick is comes in OPENAI_BASE_URL, a link that signs in in WICK_LINK."""

import openai

from key import make_key

MODEL = "SmolLM2-135M-Instruct"

try:
    openai.OpenAI(api_key="none").models.list()
    raise AssertionError("a program needs a key")
except openai.AuthenticationError as err:
    assert err.code == "invalid_api_key", err

client = openai.OpenAI(api_key=make_key("OpenAI's package", "chat"))
question = [{"role": "user", "content": "What is the capital of France?"}]


def ask(**fields):
    return client.chat.completions.create(
        model=MODEL, messages=question, temperature=0, max_tokens=16, **fields
    )


names = [model.id for model in client.models.list()]
assert MODEL in names, names
assert client.models.retrieve(MODEL).owned_by == "wick"

whole = ask()
choice = whole.choices[0]
assert choice.message.role == "assistant" and choice.message.content, whole
assert choice.finish_reason in ("stop", "length"), whole
assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens

chunks = list(ask(stream=True, stream_options={"include_usage": True}))
text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
assert text == choice.message.content, (text, choice.message.content)
assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0, chunks[-1]
assert chunks[-1].usage.prompt_tokens_details.cached_tokens > 0, chunks[-1]

with ask(stream=True) as stream:
    next(iter(stream))  # Going away in the middle is allowed.

try:
    ask(n=2)
    raise AssertionError("two answers at a time are refused")
except openai.BadRequestError as err:
    assert err.type == "invalid_request_error" and "n is 1" in err.message, err

try:
    client.models.retrieve("none")
    raise AssertionError("there is no such model")
except openai.NotFoundError as err:
    assert err.code == "model_not_found", err

print(f"openai {openai.__version__} lists {', '.join(names)} and got: {text!r}")
