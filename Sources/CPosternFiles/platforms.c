#include "CPosternFiles.h"

static const unsigned char adyen[] = {
#embed "../../Platforms/adyen/platform.yaml"
};
static const unsigned char box[] = {
#embed "../../Platforms/box/platform.yaml"
};
static const unsigned char calendly[] = {
#embed "../../Platforms/calendly/platform.yaml"
};
static const unsigned char docusign[] = {
#embed "../../Platforms/docusign/platform.yaml"
};
static const unsigned char dropbox[] = {
#embed "../../Platforms/dropbox/platform.yaml"
};
static const unsigned char github[] = {
#embed "../../Platforms/github/platform.yaml"
};
static const unsigned char gitlab[] = {
#embed "../../Platforms/gitlab/platform.yaml"
};
static const unsigned char google_ads_lead[] = {
#embed "../../Platforms/google-ads-lead/platform.yaml"
};
static const unsigned char hubspot[] = {
#embed "../../Platforms/hubspot/platform.yaml"
};
static const unsigned char intercom[] = {
#embed "../../Platforms/intercom/platform.yaml"
};
static const unsigned char klaviyo[] = {
#embed "../../Platforms/klaviyo/platform.yaml"
};
static const unsigned char linear[] = {
#embed "../../Platforms/linear/platform.yaml"
};
static const unsigned char linkedin[] = {
#embed "../../Platforms/linkedin/platform.yaml"
};
static const unsigned char mailchimp_marketing[] = {
#embed "../../Platforms/mailchimp-marketing/platform.yaml"
};
static const unsigned char mailchimp_transactional[] = {
#embed "../../Platforms/mailchimp-transactional/platform.yaml"
};
static const unsigned char mailgun[] = {
#embed "../../Platforms/mailgun/platform.yaml"
};
static const unsigned char meta[] = {
#embed "../../Platforms/meta/platform.yaml"
};
static const unsigned char microsoft_graph[] = {
#embed "../../Platforms/microsoft-graph/platform.yaml"
};
static const unsigned char paddle[] = {
#embed "../../Platforms/paddle/platform.yaml"
};
static const unsigned char shopify[] = {
#embed "../../Platforms/shopify/platform.yaml"
};
static const unsigned char slack[] = {
#embed "../../Platforms/slack/platform.yaml"
};
static const unsigned char snapchat[] = {
#embed "../../Platforms/snapchat/platform.yaml"
};
static const unsigned char square[] = {
#embed "../../Platforms/square/platform.yaml"
};
static const unsigned char standard_webhooks[] = {
#embed "../../Platforms/standard-webhooks/platform.yaml"
};
static const unsigned char stripe[] = {
#embed "../../Platforms/stripe/platform.yaml"
};
static const unsigned char svix[] = {
#embed "../../Platforms/svix/platform.yaml"
};
static const unsigned char telegram[] = {
#embed "../../Platforms/telegram/platform.yaml"
};
static const unsigned char tiktok_ads_lead[] = {
#embed "../../Platforms/tiktok-ads-lead/platform.yaml"
};
static const unsigned char tiktok_business[] = {
#embed "../../Platforms/tiktok-business/platform.yaml"
};
static const unsigned char tiktok_developers[] = {
#embed "../../Platforms/tiktok-developers/platform.yaml"
};
static const unsigned char tiktok_shop[] = {
#embed "../../Platforms/tiktok-shop/platform.yaml"
};
static const unsigned char twilio[] = {
#embed "../../Platforms/twilio/platform.yaml"
};
static const unsigned char twitch[] = {
#embed "../../Platforms/twitch/platform.yaml"
};
static const unsigned char typeform[] = {
#embed "../../Platforms/typeform/platform.yaml"
};
static const unsigned char woocommerce[] = {
#embed "../../Platforms/woocommerce/platform.yaml"
};
static const unsigned char x[] = {
#embed "../../Platforms/x/platform.yaml"
};
static const unsigned char youtube_websub[] = {
#embed "../../Platforms/youtube-websub/platform.yaml"
};
static const unsigned char zendesk[] = {
#embed "../../Platforms/zendesk/platform.yaml"
};
static const unsigned char zoom[] = {
#embed "../../Platforms/zoom/platform.yaml"
};

const struct postern_file postern_platforms[] = {
    {"adyen", adyen, sizeof adyen},
    {"box", box, sizeof box},
    {"calendly", calendly, sizeof calendly},
    {"docusign", docusign, sizeof docusign},
    {"dropbox", dropbox, sizeof dropbox},
    {"github", github, sizeof github},
    {"gitlab", gitlab, sizeof gitlab},
    {"google-ads-lead", google_ads_lead, sizeof google_ads_lead},
    {"hubspot", hubspot, sizeof hubspot},
    {"intercom", intercom, sizeof intercom},
    {"klaviyo", klaviyo, sizeof klaviyo},
    {"linear", linear, sizeof linear},
    {"linkedin", linkedin, sizeof linkedin},
    {"mailchimp-marketing", mailchimp_marketing, sizeof mailchimp_marketing},
    {"mailchimp-transactional", mailchimp_transactional, sizeof mailchimp_transactional},
    {"mailgun", mailgun, sizeof mailgun},
    {"meta", meta, sizeof meta},
    {"microsoft-graph", microsoft_graph, sizeof microsoft_graph},
    {"paddle", paddle, sizeof paddle},
    {"shopify", shopify, sizeof shopify},
    {"slack", slack, sizeof slack},
    {"snapchat", snapchat, sizeof snapchat},
    {"square", square, sizeof square},
    {"standard-webhooks", standard_webhooks, sizeof standard_webhooks},
    {"stripe", stripe, sizeof stripe},
    {"svix", svix, sizeof svix},
    {"telegram", telegram, sizeof telegram},
    {"tiktok-ads-lead", tiktok_ads_lead, sizeof tiktok_ads_lead},
    {"tiktok-business", tiktok_business, sizeof tiktok_business},
    {"tiktok-developers", tiktok_developers, sizeof tiktok_developers},
    {"tiktok-shop", tiktok_shop, sizeof tiktok_shop},
    {"twilio", twilio, sizeof twilio},
    {"twitch", twitch, sizeof twitch},
    {"typeform", typeform, sizeof typeform},
    {"woocommerce", woocommerce, sizeof woocommerce},
    {"x", x, sizeof x},
    {"youtube-websub", youtube_websub, sizeof youtube_websub},
    {"zendesk", zendesk, sizeof zendesk},
    {"zoom", zoom, sizeof zoom},
};
const size_t postern_platform_count = sizeof postern_platforms / sizeof postern_platforms[0];
