"""Pages of guards, by vendor and in many languages: challenges, blocks, waiting rooms. The truth of each: blocked, whatever the status."""

from collections.abc import Iterator
from dataclasses import replace

from audit.demo.sites import Answer
from tests.lab.situation import BLOCKED, Scenario, document, made

WALLED = frozenset({BLOCKED})
BOT = "bot-wall"

Refusal = tuple[int, str | None, bytes, tuple[tuple[str, str], ...]]
"""Status, reason (None where several fit), body, headers."""


def script(code: str = "", **attributes: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<script{said}>{code}</script>"


def shown(title: str, body: str = "", *, head: str = "", h1: str | None = None) -> bytes:
    return document(title, h1=h1, body=body, head=head)


def bare(head: str = "", body: str = "") -> bytes:
    """A page without title or text."""
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


VENDORS: dict[str, Refusal] = {
    "Cloudflare, managed challenge on a 200": (
        200,
        BOT,
        shown(
            "vellham.example",
            "Verifying you are human. This may take a few seconds.",
            head=script("window._cf_chl_opt={cType:'managed'}"),
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, managed challenge on a 404": (
        404,
        BOT,
        shown("Just a moment...", head=script(src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=1")),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, the five seconds of old": (
        503,
        BOT,
        shown(
            "Please Wait... | Cloudflare",
            "Checking your browser before accessing vellham.example. DDoS protection by Cloudflare. Ray ID: 1",
            head=script("var s='jschl-answer'"),
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, the captcha of old": (
        403,
        BOT,
        shown(
            "Attention Required! | Cloudflare",
            "One more step. Please complete the security check to access vellham.example",
            h1="One more step",
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, you have been blocked": (
        403,
        BOT,
        shown(
            "Attention Required! | Cloudflare",
            '<div id="cf-error-details">You are unable to access vellham.example</div>',
            h1="Sorry, you have been blocked",
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, a ban said in plain text": (403, BOT, b"error code: 1020", (("Server", "cloudflare"),)),
    "Cloudflare, a rate limit": (
        429,
        "rate-limited",
        shown(
            "Access denied | vellham.example used Cloudflare to restrict access",
            '<div id="cf-error-details">Error 1015 You are being rate limited</div>',
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, a rate limit said in plain text": (429, "rate-limited", b"error code: 1015", (("Server", "cloudflare"),)),
    "Cloudflare, a country": (
        403,
        "geo-block",
        shown(
            "Access denied | vellham.example used Cloudflare to restrict access",
            '<div id="cf-error-details">Error 1009 The owner of this website has banned the country or region your IP address is in</div>',
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, a browser's signature": (
        403,
        BOT,
        shown(
            "Access denied | vellham.example used Cloudflare to restrict access", '<div id="cf-error-details">Error 1010</div>'
        ),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare, no request to the origin": (
        503,
        BOT,
        shown("vellham.example", "Wait."),
        (("Server", "cloudflare"), ("Server-Timing", "cfEdge;dur=4,cfOrigin;dur=0")),
    ),
    "Cloudflare, a waiting room": (
        200,
        None,
        shown(
            "Waiting Room powered by Cloudflare",
            "You are now in line. Your estimated wait time is 9 minutes. This page will refresh.",
        ),
        (("Server", "cloudflare"),),
    ),
    "Akamai, reference on a 403": (
        403,
        BOT,
        shown(
            "Access Denied",
            'You don\'t have permission to access "http://vellham.example/x" on this server.<p>Reference #18.9a1a1202.1</p>',
        ),
        (),
    ),
    "Akamai, the same on a 200": (
        200,
        BOT,
        shown(
            "Access Denied",
            "You don't have permission to access this on this server. Reference #18.9a1a1202.1 https://errors.edgesuite.net/18.9a1a1202.1",
        ),
        (),
    ),
    "Akamai, proof of work on a 428": (
        428,
        BOT,
        bare(body='<div id="sec-if-cpt-container"></div>' + script(src="/_sec/cp_challenge/sec-4-4.js")),
        (("Set-Cookie", "sec_cpt=1"),),
    ),
    "Akamai, proof of work on a 200": (
        200,
        BOT,
        bare(
            body='<div id="sec-if-cpt-container">Powered and protected by <b>Akamai</b></div>'
            + script(src="/_sec/cp_challenge/sec-4-4.js")
        ),
        (("Set-Cookie", "sec_cpt=1"),),
    ),
    "Akamai, the challenge page of another kind": (
        200,
        BOT,
        shown("Challenge Page", head=script(src="/.well-known/sbsd/3e2c?v=1"), h1=""),
        (("Set-Cookie", "sbsd=1"),),
    ),
    "AWS WAF, challenge on a 202": (202, BOT, bare(head=script("window.gokuProps={}")), (("x-amzn-waf-action", "challenge"),)),
    "AWS WAF, challenge without its header": (
        202,
        BOT,
        bare(
            head=script("window.gokuProps={}") + script(src="https://d2.token.awswaf.com/d2/x/challenge.js"),
            body="JavaScript is disabled",
        ),
        (),
    ),
    "AWS WAF, captcha on a 405": (
        405,
        BOT,
        shown("Human Verification", head=script("window.gokuProps={}")),
        (("x-amzn-waf-action", "captcha"),),
    ),
    "CloudFront, blocked": (
        403,
        BOT,
        shown(
            "ERROR: The request could not be satisfied", "Request blocked. Generated by cloudfront (CloudFront)", h1="403 ERROR"
        ),
        (("X-Cache", "Error from cloudfront"),),
    ),
    "CloudFront, a country": (
        403,
        "geo-block",
        shown(
            "ERROR: The request could not be satisfied",
            "The Amazon CloudFront distribution is configured to block access from your country. Generated by cloudfront (CloudFront)",
            h1="403 ERROR",
        ),
        (("X-Cache", "Error from cloudfront"),),
    ),
    "DataDome, a 200": (
        200,
        BOT,
        shown(
            "vellham.example",
            "Please enable JS and disable any ad blocker",
            head=script(src="https://ct.captcha-delivery.com/c.js"),
            h1="",
        ),
        (),
    ),
    "DataDome, a 401": (
        401,
        BOT,
        shown(
            "vellham.example",
            "Please enable JS and disable any ad blocker",
            head=script(src="https://ct.captcha-delivery.com/c.js"),
            h1="",
        ),
        (("X-DataDome", "protected"),),
    ),
    "DataDome, JSON": (403, BOT, b'{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=1"}', (("X-DD-B", "2"),)),
    "HUMAN, press and hold": (
        403,
        BOT,
        shown(
            "Access to this page has been denied.",
            'Press &amp; Hold to confirm you are a human (and not a bot).<div id="px-captcha"></div>',
        ),
        (),
    ),
    "HUMAN, under the name of the site, on a 200": (
        200,
        BOT,
        shown(
            "vellham.example",
            "Before we continue. Press &amp; Hold to confirm you are a human (and not a bot).",
            head=script(src="/1a/captcha/captcha.js?a=c"),
            h1="",
        ),
        (),
    ),
    "Imperva, nothing but a script": (
        200,
        BOT,
        bare(head='<meta name="robots" content="noindex,nofollow">' + script(src="/_Incapsula_Resource?SWJIYLWA=719d")),
        (("X-Iinfo", "1-2"),),
    ),
    "Imperva, blocked": (
        403,
        BOT,
        shown(
            "vellham.example",
            "Access denied. Error code 15. This request was blocked by our security service. Powered by Imperva. Incident ID: 7",
            h1="",
        ),
        (("X-Iinfo", "1-2"),),
    ),
    "Imperva, blocked, on a 200": (
        200,
        BOT,
        shown(
            "Error Page",
            "Access denied. Error 16. This request was blocked by the security rules. Incident ID: 7-8. Powered by Imperva",
            h1="",
        ),
        (("X-Iinfo", "1-2"),),
    ),
    "Distil": (
        200,
        BOT,
        shown("Pardon Our Interruption", "As you were browsing something about your browser made us think you were a bot."),
        (),
    ),
    "Kasada without its headers": (
        429,
        BOT,
        bare(head=script("window.KPSDK={};"), body=script(src="/149e/2d20/ips.js?tkrm=1")),
        (),
    ),
    "Vercel, a checkpoint": (
        429,
        BOT,
        shown("Vercel Security Checkpoint", "We're verifying your browser", h1=""),
        (("X-Vercel-Mitigated", "challenge"),),
    ),
    "Vercel, a checkpoint without its header": (
        429,
        BOT,
        shown("Vercel Security Checkpoint", "We're verifying your browser", h1=""),
        (),
    ),
    "Reblaze on a 200": (200, BOT, bare(head=script("window.rbzns={challengetype:1};winsocks();")), ()),
    "Reblaze on its own status": (247, BOT, bare(head=script("window.rbzns={challengetype:1};winsocks();")), ()),
    "Sucuri, redirected by script": (
        200,
        BOT,
        shown(
            "You are being redirected...",
            "<noscript>Javascript is required. Please enable javascript before you are allowed to see this page.</noscript>",
            head=script("var sucuri_cloudproxy_js='',S='';eval(r)"),
            h1="",
        ),
        (("Server", "Sucuri/Cloudproxy"),),
    ),
    "Sucuri, denied": (
        403,
        BOT,
        shown(
            "Sucuri WebSite Firewall - Access Denied",
            "Block ID: GEO02 Block reason: Access from your Country was disabled by the administrator.",
        ),
        (("X-Sucuri-ID", "14"),),
    ),
    "DDoS-Guard, a challenge on a 200": (
        200,
        BOT,
        shown(
            "DDOS-GUARD",
            "Checking your browser before accessing vellham.example",
            head=script(src="/.well-known/ddos-guard/js-challenge/index.js"),
        ),
        (("Server", "ddos-guard"),),
    ),
    "DDoS-Guard, in Russian": (
        403,
        BOT,
        shown("Проверка браузера", "Проверка браузера перед переходом на сайт", h1=""),
        (("Server", "ddos-guard"),),
    ),
    "Wordfence, limited": (
        503,
        BOT,
        shown(
            "Your access to this site has been limited by the site owner",
            "Generated by Wordfence at Mon, 2 Nov 2026. Your computer's time:",
        ),
        (),
    ),
    "Wordfence, a firewall rule": (
        403,
        BOT,
        shown(
            "403 Forbidden",
            "A potentially unsafe operation has been detected in your request to this site. Generated by Wordfence",
        ),
        (),
    ),
    "F5, JavaScript and a support number": (
        200,
        BOT,
        bare(
            head=script('window["bobcmn"]="1011";') + script(src="/TSPD/0812?type=9"),
            body="Please enable JavaScript to view the page content. Your support ID is: 1099.",
        ),
        (),
    ),
    "F5 in Spanish": (
        200,
        BOT,
        shown(
            "Request Rejected", "La URL solicitada fue rechazada. Consulte con su administrador. Su ID de soporte es: 181.", h1=""
        ),
        (),
    ),
    "Radware, a captcha": (
        200,
        BOT,
        shown(
            "Radware Captcha Page",
            "We apologize for the inconvenience... but your activity and behavior on this site made us think that you are a bot.",
        ),
        (),
    ),
    "ShieldSquare": (200, BOT, shown("ShieldSquare Captcha", "Please solve this CAPTCHA to request unblock to the website"), ()),
    "Anubis in its own words": (
        200,
        BOT,
        shown(
            "Making sure you're not a bot!",
            "Loading... Protected by Anubis From Techaro.",
            head='<link rel="stylesheet" href="/.within.website/x/xess/xess.min.css">',
        ),
        (),
    ),
    "Anubis, the final word": (403, BOT, shown("Oh noes!", "Access Denied: error code 8b. Protected by Anubis"), ()),
    "Anubis with the cards of the page behind it": (
        200,
        BOT,
        shown(
            "Making sure you're not a bot!",
            "Loading...",
            head='<meta property="og:title" content="Bridge 12"><script id="anubis_challenge" type="application/json">{}</script>',
        ),
        (),
    ),
    "go-away": (
        418,
        BOT,
        shown(
            "Checking you are not a bot",
            "Checking you are not a bot",
            head=script(src="/.well-known/.git.gammaspectra.live/git/go-away/cmd/go-away/challenge/js"),
        ),
        (),
    ),
    "go-away on a 200": (
        200,
        BOT,
        shown(
            "Checking you are not a bot",
            "Details",
            head='<link rel="stylesheet" href="/.well-known/.git.gammaspectra.live/git/go-away/assets/s.css">',
        ),
        (),
    ),
    "BasedFlare": (
        403,
        BOT,
        shown(
            "Hold on...",
            "Checking your browser for robots. Performance and security by BasedFlare",
            head=script(src="/.basedflare/js/challenge.js"),
            h1="",
        ),
        (),
    ),
    "a proof of work by another name, on a 200": (
        200,
        BOT,
        shown(
            "vellham.example",
            "Verifying your browser. Your browser is performing a proof of work. This takes a few seconds.",
            head=script("work()"),
            h1="",
        ),
        (),
    ),
    "Azure Front Door": (
        403,
        None,
        shown("Azure WAF", "The request is blocked. 20261101T000000Z-1", h1=""),
        (("X-Azure-Ref", "2026"),),
    ),
    "Azure Application Gateway": (403, None, shown("403 Forbidden", "Microsoft-Azure-Application-Gateway/v2"), ()),
    "Google Cloud Armor": (
        403,
        None,
        shown("403 Forbidden", "Your client does not have permission to get URL /x from this server."),
        (("Via", "1.1 google"),),
    ),
    "Alibaba, a script that sets a cookie": (
        200,
        BOT,
        bare(head=script("var arg1='3F';function reload(x){document.cookie='acw_sc__v2='+x+';';document.location.reload();}")),
        (),
    ),
    "Alibaba, a block": (
        405,
        None,
        shown("405", "很抱歉,由于您访问的URL有可能对网站造成安全威胁,您的访问被阻断。 errors.aliyun.com"),
        (("Server", "Tengine"),),
    ),
    "Alibaba, a punishment": (
        200,
        BOT,
        shown(
            "验证码拦截",
            "Sorry, we have detected unusual traffic from your network.",
            head=script(src="//g.alicdn.com/sd/punish/x.js"),
            h1="",
        ),
        (("bxpunish", "1"),),
    ),
    "Tencent": (403, None, shown("403", "很抱歉,您提交的请求可能对网站造成威胁,请求已被管理员设置的策略阻断"), ()),
    "Tencent EdgeOne": (
        567,
        BOT,
        shown("Restricted Access", "Your request has been blocked by the security policy of this site. Tencent EdgeOne"),
        (("Server", "edgeone"),),
    ),
    "Baidu, a security check": (200, BOT, shown("百度安全验证", "网络不给力,请稍后重试 问题反馈", h1=""), ()),
    "Yunsuo, a cookie and a reload": (
        200,
        BOT,
        bare(head=script('document.cookie="srcurl="+s+";path=/;";self.location="/?security_verify_data="+w;')),
        (("Set-Cookie", "yunsuo_session_verify=1"),),
    ),
    "Jiasule, a cookie and a reload, on a 521": (
        521,
        BOT,
        bare(
            head=script(
                "document.cookie=('_')+('_')+('j')+('s')+'l_clearance_s=1';location.href=location.pathname+location.search"
            )
        ),
        (("Set-Cookie", "__jsluid_s=1"),),
    ),
    "Ruishu on a 202": (
        202,
        BOT,
        bare(head='<meta id="9DhefwqGPrzGxEp9hPaoag" content="x">' + script("$_ts=window['$_ts'];if(!$_ts)$_ts={};")),
        (),
    ),
    "Ruishu on a 412": (412, None, bare(head=script("$_ts=window['$_ts'];if(!$_ts)$_ts={};")), ()),
    "SafeLine on a status of its own": (
        468,
        BOT,
        shown("Protected By Chaitin SafeLine WAF", "Checking your browser", head=script(src="/.safeline/static/sdk.js"), h1=""),
        (),
    ),
    "360": (403, None, shown("493", "您的访问可能对网站造成危险,被 wangzhan.360.cn 拦截"), ()),
    "Barracuda on a 200": (
        200,
        BOT,
        shown(
            "Request blocked",
            "Your request has been blocked by the Barracuda Web Application Firewall. Contact the administrator.",
        ),
        (),
    ),
    "FortiWeb on a 500": (
        500,
        BOT,
        shown(
            "Web Page Blocked!",
            "The page cannot be displayed. Please contact the administrator for additional information. Attack ID: 20000051 Message ID: 1",
        ),
        (),
    ),
    "FortiWeb on a 200": (
        200,
        BOT,
        shown(
            "Web Page Blocked!",
            "The page cannot be displayed. Please contact the administrator for additional information. Attack ID: 20000051 Message ID: 1",
        ),
        (),
    ),
    "NetScaler": (
        200,
        BOT,
        shown(
            "Application Firewall Block Page",
            "Your request has been blocked. Transaction ID 12, appfw session 4. Reference the security administrator.",
        ),
        (),
    ),
    "ModSecurity": (
        406,
        None,
        shown(
            "Not Acceptable!",
            "An appropriate representation of the requested resource could not be found on this server. This error was generated by Mod_Security.",
        ),
        (),
    ),
    "Imunify360": (
        200,
        BOT,
        shown(
            "One moment, please...",
            "Please wait while your request is being verified...",
            head=script("setTimeout(function(){document.location.reload()},5000)"),
        ),
        (("Server", "imunify360-webshield/1.21"),),
    ),
    "Imunify360, a denial on a 415": (
        415,
        BOT,
        b'{"message":"Access denied by Imunify360 bot-protection. IPs used for automation should be whitelisted"}',
        (("Server", "imunify360-webshield/1.21"),),
    ),
    "SiteGround's captcha": (
        202,
        BOT,
        shown("Robot Challenge Screen", "Checking the site connection security"),
        (("SG-Captcha", "challenge"),),
    ),
    "StackPath": (
        200,
        BOT,
        bare(
            head=script(src="/sbbi/?sbbpg=sbbShell&gprid=1") + '<meta name="robots" content="noindex, nofollow">',
            body="<noscript>Please enable JavaScript</noscript>",
        ),
        (("Set-Cookie", "sbtsck=1"),),
    ),
    "Fastly, a challenge": (
        200,
        BOT,
        shown(
            "Client Challenge",
            "A required part of this site couldn't load.",
            head=script(src="/_fs-ch-1T1wmsGaOgGaSxcX/script.js"),
            h1="",
        ),
        (),
    ),
    "Fastly, an automatic challenge without words": (429, None, bare(head=script(src="/_fs-ch-1T1wmsGaOgGaSxcX/script.js")), ()),
    "Qrator": (403, BOT, bare(head=script(src="/__qrator/qauth_utm_v2.js")), (("Server", "QRATOR"),)),
    "Qrator on a 200": (
        200,
        BOT,
        bare(head=script(src="/__qrator/qauth_utm_v2.js"), body="<div id=a></div>"),
        (("Server", "QRATOR"),),
    ),
    "Servicepipe": (
        200,
        BOT,
        bare(head=script(src="https://servicepipe.ru/static/checkjs/1/x.js"), body="<noscript>Включите JavaScript</noscript>"),
        (("Set-Cookie", "spid=1"),),
    ),
    "Yandex, a captcha": (200, BOT, shown("Вы не робот?", "Подтвердите, что запросы отправляли вы, а не робот"), ()),
    "Variti": (
        200,
        BOT,
        bare(head=script('document.cookie="ipp_key=1";window.location.reload(true);')),
        (("Set-Cookie", "ipp_uid=1"),),
    ),
    "Wallarm": (403, None, shown("You are blocked", "Your request was blocked. Wallarm"), ()),
    "CrowdSec, a captcha on a 200": (
        200,
        BOT,
        shown(
            "CrowdSec Captcha",
            "CrowdSec Captcha. This security check has been powered by CrowdSec",
            head=script(src="https://hcaptcha.com/1/api.js"),
        ),
        (),
    ),
    "CrowdSec, a ban": (403, None, shown("CrowdSec Ban", "Access Forbidden. You are unable to visit the website."), ()),
    "BunkerWeb": (200, BOT, shown("Bot Detection", "Please wait while we check if you are a human", head=script("c()")), ()),
    "BitNinja": (
        200,
        BOT,
        shown("Waiting for the redirectiron...", "Validating your browser. It may take several seconds. BitNinja.IO", h1=""),
        (),
    ),
    "NinjaFirewall": (
        403,
        None,
        shown(
            "NinjaFirewall: 403 Forbidden",
            "Sorry, your request cannot be processed. For security reasons, it was blocked and logged.",
        ),
        (),
    ),
    "Deflect": (
        200,
        BOT,
        shown(
            "vellham.example",
            "This website is using Deflect to protect itself. Checking your browser before accessing the website.",
            head=script("document.cookie='deflect_challenge3=1'"),
            h1="",
        ),
        (),
    ),
    "Bunny Shield": (
        403,
        BOT,
        shown(
            "Establishing a secure connection ...",
            "Verifying that you are human. This may take a few seconds. Protected by bunny.net",
            h1="",
        ),
        (),
    ),
    "Blazingfast": (
        503,
        BOT,
        shown("Just a moment please...", "Verifying your browser, please wait. DDoS Protection by BlazingFast.io", h1=""),
        (),
    ),
    "GoDaddy": (403, BOT, shown("Access Denied - GoDaddy Website Firewall", "Block details: Your IP, URL, time"), ()),
    "test cookies of nginx": (
        200,
        None,
        bare(
            head=script(src="/aes.js")
            + script(
                'function toNumbers(d){}var a=1;document.cookie="__test="+slowAES.decrypt(c,2,a,b);location.href="http://vellham.example/?i=1";'
            ).replace("http://vellham.example/", "/2019/05/the-bridge-at-vellham-was-rebuilt"),
            body="<noscript>This site requires Javascript to work, please enable Javascript in your browser.</noscript>",
        ),
        (),
    ),
    "a hosting company's aes cookie without a redirect": (
        200,
        BOT,
        bare(head=script(src="/aes.js") + script('document.cookie="__test="+toHex(slowAES.decrypt(c,2,a,b));location.reload();')),
        (),
    ),
    "a cookie and a reload by hand": (200, BOT, bare(head=script('document.cookie="human=1;path=/";location.reload();')), ()),
    "a cookie and a reload by hand, on a 503": (
        503,
        BOT,
        bare(head=script('document.cookie="human=1;path=/";window.location.reload(true);')),
        (),
    ),
    "a cookie and the same address again": (
        200,
        BOT,
        bare(head=script("document.cookie = 'seen=' + (3*14) + '; path=/'; window.location.href = window.location.href;")),
        (),
    ),
    "a refresh to itself and a cookie": (
        200,
        BOT,
        bare(head='<meta http-equiv="refresh" content="0">'),
        (("Set-Cookie", "gate=1"),),
    ),
    "a refresh to itself in so many words": (
        200,
        BOT,
        bare(head='<meta http-equiv="refresh" content="1;url=/2019/05/the-bridge-at-vellham-was-rebuilt">', body="Loading"),
        (("Set-Cookie", "gate=1"),),
    ),
    "a form that sends itself with a sum": (
        200,
        BOT,
        bare(
            body='<form id="challenge-form" method="post"><input type="hidden" name="answer"></form>'
            + script("document.getElementById('challenge-form').submit()")
        ),
        (),
    ),
    "hCaptcha and nothing else": (
        200,
        BOT,
        shown(
            "vellham.example",
            'Please complete the captcha to continue.<div class="h-captcha"></div>',
            head=script(src="https://hcaptcha.com/1/api.js"),
            h1="",
        ),
        (),
    ),
    "reCAPTCHA and nothing else": (
        200,
        BOT,
        shown(
            "Verification required",
            '<form><div class="g-recaptcha"></div></form> Please confirm that you are not a robot.',
            h1="",
        ),
        (),
    ),
    "Turnstile and nothing else": (
        200,
        BOT,
        bare(
            head=script(src="https://challenges.cloudflare.com/turnstile/v0/api.js"),
            body='<form><div class="cf-turnstile"></div></form>',
        ),
        (),
    ),
    "unusual traffic": (
        200,
        BOT,
        shown(
            "http://vellham.example/x",
            "About this page. Our systems have detected unusual traffic from your computer network. This page checks to see if it's really you.",
            h1="",
        ),
        (),
    ),
    "an access check": (
        200,
        BOT,
        shown(
            "Vellham Library: Access Check",
            "Our systems have detected unusual traffic activity from your network. Please complete this reCAPTCHA to demonstrate that it's you.",
            h1="Access Check",
        ),
        (),
    ),
    "robots in a JSON": (403, None, b'{"error":"bot detected"}', ()),
    "a proxy that sends a 999": (999, BOT, shown("999: Request denied", "Unable to process your request at this time"), ()),
    "enable cookies": (
        200,
        None,
        shown("Cookies required", "Please enable cookies in your browser and reload this page to continue."),
        (),
    ),
    "JavaScript and cookies": (
        403,
        BOT,
        shown("vellham.example", "Enable JavaScript and cookies to continue", head=script("c()"), h1=""),
        (),
    ),
    "an old browser": (
        200,
        None,
        shown("Your browser is not supported", "Please upgrade to a recent version of your browser to use this site."),
        (),
    ),
    "a queue": (
        200,
        None,
        shown(
            "Queue",
            "You are now in the virtual waiting room. When it is your turn, you will have 10 minutes to enter the website.",
            head=script("c()"),
            h1="Waiting room",
        ),
        (),
    ),
}

COUNTRIES: dict[str, Refusal] = {
    "451 said on a 200": (
        200,
        None,
        shown(
            "451: Unavailable due to legal reasons",
            "We recognize you are attempting to access this website from a country belonging to the European Economic Area (EEA) including the EU which enforces the General Data Protection Regulation (GDPR) and therefore access cannot be granted at this time.",
        ),
        (),
    ),
    "Europe, in the words of a chain of papers": (
        200,
        "geo-block",
        shown(
            "Vellham Courier",
            "Unfortunately, our website is currently unavailable in most European countries. We are engaged on the issue.",
            h1="",
        ),
        (),
    ),
    "a video for one country": (200, "geo-block", shown("Vellham TV", "This video is not available in your country."), ()),
    "visitors of one region": (
        200,
        "geo-block",
        shown("Sorry!", "Due to privacy regulations this content is not available to visitors from the European Union."),
        (),
    ),
    "in German": (200, "geo-block", shown("Mediathek", "Dieses Video ist in Ihrem Land leider nicht verfügbar.", h1=""), ()),
    "in French": (403, "geo-block", shown("Vidéo", "Cette vidéo n'est pas disponible dans votre pays.", h1=""), ()),
    "in Spanish": (200, "geo-block", shown("Vídeo", "Este contenido no está disponible en tu región.", h1=""), ()),
    "in Portuguese": (200, "geo-block", shown("Vídeo", "Este conteúdo não está disponível na sua região.", h1=""), ()),
    "in Dutch": (200, "geo-block", shown("Video", "Deze video is niet beschikbaar in jouw land.", h1=""), ()),
    "in Russian": (200, "geo-block", shown("Видео", "Видео недоступно в вашем регионе.", h1=""), ()),
    "in Japanese": (200, "geo-block", shown("動画", "この動画はお住まいの国・地域からはご利用いただけません。", h1=""), ()),
    "in Chinese": (200, "geo-block", shown("视频", "抱歉,该内容在您所在的国家或地区不可用。", h1=""), ()),
    "in Korean": (200, "geo-block", shown("영상", "이 콘텐츠는 귀하의 국가에서 이용할 수 없습니다.", h1=""), ()),
    "in Turkish": (200, "geo-block", shown("Video", "Bu içerik ülkenizde kullanılamıyor.", h1=""), ()),
    "in Swedish": (200, "geo-block", shown("Video", "Videon är inte tillgänglig i ditt land.", h1=""), ()),
    "an order of the High Court": (
        200,
        "legal",
        shown("Access denied", "Access to this website has been blocked under an Order of the High Court."),
        (),
    ),
    "a court in Russia": (
        200,
        "legal",
        shown(
            "Доступ ограничен",
            "Доступ к информационному ресурсу ограничен на основании Федерального закона от 27 июля 2006 г. № 149-ФЗ.",
            h1="",
        ),
        (),
    ),
    "an authority in Italy": (
        200,
        "legal",
        shown("Sito bloccato", "L'accesso al sito è inibito per ordine dell'Autorità (provvedimento AGCOM).", h1=""),
        (),
    ),
    "an authority in Spain": (
        200,
        "legal",
        shown("Aviso", "Contenido bloqueado por requerimiento de la Autoridad Competente.", h1=""),
        (),
    ),
    "a ministry in Turkey": (
        200,
        "legal",
        shown("Engelleme", "Bu internet sitesi hakkında verilen karar uyarınca erişime engellenmiştir.", h1=""),
        (),
    ),
    "an authority in India": (
        200,
        "legal",
        shown(
            "Blocked", "The requested URL has been blocked as per the directions of the competent Government Authority.", h1=""
        ),
        (),
    ),
    "a court in Portugal": (
        200,
        "legal",
        shown(
            "Site bloqueado",
            "O site a que pretende aceder encontra-se bloqueado na sequência do cumprimento de ordem judicial.",
            h1="",
        ),
        (),
    ),
    "451 and a reason": (
        451,
        "legal",
        shown("Unavailable For Legal Reasons", "This page was withheld."),
        (("Link", '<https://court.example/>; rel="blocked-by"'),),
    ),
}

LANGUAGES = {
    "de": ("Nur einen Moment…", "Sicherheitsüberprüfung", "Zugriff verweigert"),
    "fr": ("Un instant…", "Vérification de sécurité", "Accès refusé"),
    "es": ("Un momento…", "Verificación de seguridad", "Acceso denegado"),
    "pt": ("Um momento…", "Verifique se você é humano", "Acesso negado"),
    "it": ("Un momento…", "Verifica di sicurezza", "Accesso negato"),
    "nl": ("Een moment geduld…", "Beveiligingscontrole", "Toegang geweigerd"),
    "sv": ("Ett ögonblick…", "Säkerhetskontroll", "Åtkomst nekad"),
    "da": ("Et øjeblik…", "Sikkerhedskontrol", "Adgang nægtet"),
    "nb": ("Et øyeblikk…", "Sikkerhetskontroll", "Ingen tilgang"),
    "fi": ("Hetkinen…", "Turvatarkistus", "Pääsy evätty"),
    "pl": ("Chwileczkę…", "Weryfikacja bezpieczeństwa", "Odmowa dostępu"),
    "cs": ("Okamžik…", "Bezpečnostní kontrola", "Přístup odepřen"),
    "sk": ("Moment prosím…", "Bezpečnostná kontrola", "Prístup zamietnutý"),
    "hu": ("Egy pillanat…", "Biztonsági ellenőrzés", "Hozzáférés megtagadva"),
    "ro": ("Un moment…", "Verificare de securitate", "Acces interzis"),
    "bg": ("Един момент…", "Проверка за сигурност", "Достъпът е отказан"),
    "ru": ("Один момент…", "Проверка безопасности", "Доступ запрещён"),
    "uk": ("Зачекайте…", "Перевірка безпеки", "Доступ заборонено"),
    "el": ("Μια στιγμή…", "Έλεγχος ασφαλείας", "Δεν επιτρέπεται η πρόσβαση"),
    "tr": ("Bir dakika lütfen…", "Güvenlik kontrolü", "Erişim engellendi"),
    "ar": ("لحظة من فضلك…", "التحقق الأمني", "تم رفض الوصول"),
    "fa": ("یک لحظه صبر کنید…", "بررسی امنیتی", "دسترسی غیرمجاز"),
    "he": ("רק רגע…", "בדיקת אבטחה", "הגישה נדחתה"),
    "th": ("สักครู่…", "ตรวจสอบความปลอดภัย", "การเข้าถึงถูกปฏิเสธ"),
    "vi": ("Chờ một chút…", "Kiểm tra bảo mật", "Truy cập bị từ chối"),
    "id": ("Tunggu sebentar…", "Pemeriksaan keamanan", "Akses ditolak"),
    "ja": ("しばらくお待ちください…", "セキュリティチェック", "アクセスが拒否されました"),
    "ko": ("잠시만 기다리십시오…", "보안 확인", "접근이 거부되었습니다"),
    "zh": ("请稍候…", "安全验证", "访问被拒绝"),
    "zh-Hant": ("請稍候…", "安全驗證", "拒絕存取"),
    "en": ("Just a moment please", "Verify you are human", "Access to this site is denied"),
}
WAIT = "vellham.example"


def guards() -> Iterator[Scenario]:
    for kind, table in (("guard", VENDORS), ("country", COUNTRIES)):
        for name, (http_status, reason, body, headers) in table.items():
            answer = Answer(http_status=http_status, body=body, headers=headers)
            yield named(made(kind, name, answer, states=WALLED, reason=reason, otherwise=answer, pages={"/": answer}))
    for language, titles in LANGUAGES.items():
        for title, http_status in zip(titles, (503, 200, 200), strict=True):
            said = f"<script>check()</script><noscript><p>JavaScript</p></noscript>{WAIT}"
            answer = Answer(http_status=http_status, body=document(title, body=said, lang=language))
            yield named(made("language", f"{language} {title}", answer, states=WALLED, otherwise=answer, pages={"/": answer}))


def named(scenario: Scenario) -> Scenario:
    """The same with the name of its own host on every page: guards tell whom they guard."""

    def its_own(answer: Answer) -> Answer:
        return replace(answer, body=answer.body.replace(WAIT.encode(), scenario.site.host.encode()))

    site = scenario.site
    pages = {path: its_own(answer) for path, answer in site.pages.items()}
    return replace(scenario, site=replace(site, pages=pages, otherwise=its_own(site.otherwise or Answer())))
