"""Recognizes the page with which a protection service checks for a browser, in place of the document asked for."""

import re
from collections.abc import Mapping
from typing import Final

LONGEST: Final = 64 * 1024
"""Bytes of the longest page that is examined. Such pages are shorter."""
_PAGE: Final = re.compile(rb"<html\b|<!DOCTYPE\s+html", re.IGNORECASE)
# Ordinary pages behind these services load some of the same scripts, so each pattern is of the check itself.
_CHECK: Final = re.compile(
    rb"<title>\s*(?:Just a moment\.\.\.|Attention Required! \| Cloudflare|Please Wait\.\.\. \| Cloudflare|DDoS-Guard"
    rb"|Pardon Our Interruption|Access to this page has been denied)"
    rb"|<title>\s*(?:Checking your browser|One moment, please|Security check|Are you (?:a )?(?:human|robot)|Robot check"
    rb"|Human verification|Client Challenge|Bot verification)[\s.?!]*</title>"
    rb"|_cf_chl_opt|cf-browser-verification|id=[\"']challenge-(?:running|form|error-text|platform)[\"']"
    rb"|_Incapsula_Resource\?SWJIYLWA|/\.well-known/sgcaptcha/|geo\.captcha-delivery\.com|id=[\"']px-captcha[\"']"
    rb"|window\.gokuProps|AwsWafIntegration\.|aes\.js[\"'].{0,400}__test=|/_vercel/challenge|anubis_challenge"
    rb"|ddos-guard\.net/[^\"']*check\.js|Enable JavaScript and cookies to continue",
    re.IGNORECASE | re.DOTALL,
)


def is_bot_wall(headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether the response is a check for bots. `body` is decompressed."""
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    return len(body) <= LONGEST and _PAGE.search(body[:4096]) is not None and _CHECK.search(body) is not None
