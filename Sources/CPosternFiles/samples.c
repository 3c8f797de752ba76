#include "CPosternFiles.h"

static const unsigned char sample_0[] = {
#embed "../../Platforms/adyen/samples/authorisation.http"
};
static const unsigned char sample_1[] = {
#embed "../../Platforms/adyen/samples/platform-notification.http"
};
static const unsigned char sample_2[] = {
#embed "../../Platforms/adyen/samples/two-items.http"
};
static const unsigned char sample_3[] = {
#embed "../../Platforms/box/samples/file-uploaded.http"
};
static const unsigned char sample_4[] = {
#embed "../../Platforms/box/samples/only-the-secondary-key.http"
};
static const unsigned char sample_5[] = {
#embed "../../Platforms/calendly/samples/invitee-created.http"
};
static const unsigned char sample_6[] = {
#embed "../../Platforms/docusign/samples/envelope-completed.http"
};
static const unsigned char sample_7[] = {
#embed "../../Platforms/docusign/samples/second-of-two-keys.http"
};
static const unsigned char sample_8[] = {
#embed "../../Platforms/docusign/samples/xml-envelope.http"
};
static const unsigned char sample_9[] = {
#embed "../../Platforms/dropbox/samples/two-accounts.http"
};
static const unsigned char sample_10[] = {
#embed "../../Platforms/github/samples/issue-opened.http"
};
static const unsigned char sample_11[] = {
#embed "../../Platforms/github/samples/ping.http"
};
static const unsigned char sample_12[] = {
#embed "../../Platforms/github/samples/push.http"
};
static const unsigned char sample_13[] = {
#embed "../../Platforms/github/samples/push-as-form.http"
};
static const unsigned char sample_14[] = {
#embed "../../Platforms/gitlab/samples/merge-request-opened.http"
};
static const unsigned char sample_15[] = {
#embed "../../Platforms/gitlab/samples/push.http"
};
static const unsigned char sample_16[] = {
#embed "../../Platforms/gitlab/samples/push-signed.http"
};
static const unsigned char sample_17[] = {
#embed "../../Platforms/gitlab/samples/system-hook.http"
};
static const unsigned char sample_18[] = {
#embed "../../Platforms/google-ads-lead/samples/changed-body-still-passes.http"
};
static const unsigned char sample_19[] = {
#embed "../../Platforms/google-ads-lead/samples/lead.http"
};
static const unsigned char sample_20[] = {
#embed "../../Platforms/google-ads-lead/samples/test-lead.http"
};
static const unsigned char sample_21[] = {
#embed "../../Platforms/hubspot/samples/legacy-v1.http"
};
static const unsigned char sample_22[] = {
#embed "../../Platforms/hubspot/samples/two-accounts-in-one-request.http"
};
static const unsigned char sample_23[] = {
#embed "../../Platforms/intercom/samples/conversation-created.http"
};
static const unsigned char sample_24[] = {
#embed "../../Platforms/klaviyo/samples/opened-email.http"
};
static const unsigned char sample_25[] = {
#embed "../../Platforms/linear/samples/comment-created.http"
};
static const unsigned char sample_26[] = {
#embed "../../Platforms/linkedin/samples/lead-created.http"
};
static const unsigned char sample_27[] = {
#embed "../../Platforms/linkedin/samples/social-actions.http"
};
static const unsigned char sample_28[] = {
#embed "../../Platforms/linkedin/samples/unknown-type.http"
};
static const unsigned char sample_29[] = {
#embed "../../Platforms/mailchimp-marketing/samples/subscribe.http"
};
static const unsigned char sample_30[] = {
#embed "../../Platforms/mailchimp-transactional/samples/send-and-open.http"
};
static const unsigned char sample_31[] = {
#embed "../../Platforms/mailgun/samples/changed-body-still-passes.http"
};
static const unsigned char sample_32[] = {
#embed "../../Platforms/mailgun/samples/delivered.http"
};
static const unsigned char sample_33[] = {
#embed "../../Platforms/mailgun/samples/legacy-form.http"
};
static const unsigned char sample_34[] = {
#embed "../../Platforms/meta/samples/changed-fields-without-values.http"
};
static const unsigned char sample_35[] = {
#embed "../../Platforms/meta/samples/feed-comment.http"
};
static const unsigned char sample_36[] = {
#embed "../../Platforms/meta/samples/feed-escaped-unicode.http"
};
static const unsigned char sample_37[] = {
#embed "../../Platforms/meta/samples/instagram-comment.http"
};
static const unsigned char sample_38[] = {
#embed "../../Platforms/meta/samples/leadgen.http"
};
static const unsigned char sample_39[] = {
#embed "../../Platforms/meta/samples/messaging-three-in-one-entry.http"
};
static const unsigned char sample_40[] = {
#embed "../../Platforms/meta/samples/two-pages-in-one-request.http"
};
static const unsigned char sample_41[] = {
#embed "../../Platforms/meta/samples/whatsapp-message.http"
};
static const unsigned char sample_42[] = {
#embed "../../Platforms/meta/samples/whatsapp-template-and-unknown-entry.http"
};
static const unsigned char sample_43[] = {
#embed "../../Platforms/meta/samples/whatsapp-two-statuses.http"
};
static const unsigned char sample_44[] = {
#embed "../../Platforms/microsoft-graph/samples/ids-etags-and-lifecycle.http"
};
static const unsigned char sample_45[] = {
#embed "../../Platforms/microsoft-graph/samples/two-notifications.http"
};
static const unsigned char sample_46[] = {
#embed "../../Platforms/paddle/samples/transaction-completed.http"
};
static const unsigned char sample_47[] = {
#embed "../../Platforms/shopify/samples/events-header-family.http"
};
static const unsigned char sample_48[] = {
#embed "../../Platforms/shopify/samples/order-created.http"
};
static const unsigned char sample_49[] = {
#embed "../../Platforms/slack/samples/app-mention.http"
};
static const unsigned char sample_50[] = {
#embed "../../Platforms/slack/samples/button-pressed.http"
};
static const unsigned char sample_51[] = {
#embed "../../Platforms/slack/samples/slash-command.http"
};
static const unsigned char sample_52[] = {
#embed "../../Platforms/snapchat/samples/late-is-still-accepted.http"
};
static const unsigned char sample_53[] = {
#embed "../../Platforms/snapchat/samples/lead.http"
};
static const unsigned char sample_54[] = {
#embed "../../Platforms/snapchat/samples/lead-preferred-status.http"
};
static const unsigned char sample_55[] = {
#embed "../../Platforms/snapchat/samples/test-lead.http"
};
static const unsigned char sample_56[] = {
#embed "../../Platforms/square/samples/test-notification.http"
};
static const unsigned char sample_57[] = {
#embed "../../Platforms/standard-webhooks/samples/contact-created.http"
};
static const unsigned char sample_58[] = {
#embed "../../Platforms/standard-webhooks/samples/several-signatures-two-secrets.http"
};
static const unsigned char sample_59[] = {
#embed "../../Platforms/standard-webhooks/samples/svix-header-names.http"
};
static const unsigned char sample_60[] = {
#embed "../../Platforms/standard-webhooks/samples/text-key.http"
};
static const unsigned char sample_61[] = {
#embed "../../Platforms/stripe/samples/payment-intent-succeeded.http"
};
static const unsigned char sample_62[] = {
#embed "../../Platforms/stripe/samples/secret-being-rolled.http"
};
static const unsigned char sample_63[] = {
#embed "../../Platforms/svix/samples/contact-created.http"
};
static const unsigned char sample_64[] = {
#embed "../../Platforms/svix/samples/no-type-in-the-body.http"
};
static const unsigned char sample_65[] = {
#embed "../../Platforms/svix/samples/standard-header-names.http"
};
static const unsigned char sample_66[] = {
#embed "../../Platforms/telegram/samples/callback-query-of-a-named-bot.http"
};
static const unsigned char sample_67[] = {
#embed "../../Platforms/telegram/samples/kind-of-tomorrow.http"
};
static const unsigned char sample_68[] = {
#embed "../../Platforms/telegram/samples/message.http"
};
static const unsigned char sample_69[] = {
#embed "../../Platforms/tiktok-ads-lead/samples/lead-outside-ascii.http"
};
static const unsigned char sample_70[] = {
#embed "../../Platforms/tiktok-ads-lead/samples/other-product-url-only.http"
};
static const unsigned char sample_71[] = {
#embed "../../Platforms/tiktok-ads-lead/samples/two-leads.http"
};
static const unsigned char sample_72[] = {
#embed "../../Platforms/tiktok-business/samples/direct-message.http"
};
static const unsigned char sample_73[] = {
#embed "../../Platforms/tiktok-business/samples/direct-message-eu-stripped.http"
};
static const unsigned char sample_74[] = {
#embed "../../Platforms/tiktok-business/samples/post-published.http"
};
static const unsigned char sample_75[] = {
#embed "../../Platforms/tiktok-developers/samples/authorization-removed.http"
};
static const unsigned char sample_76[] = {
#embed "../../Platforms/tiktok-developers/samples/portability-ready.http"
};
static const unsigned char sample_77[] = {
#embed "../../Platforms/tiktok-developers/samples/video-upload-failed.http"
};
static const unsigned char sample_78[] = {
#embed "../../Platforms/tiktok-shop/samples/order-status-change.http"
};
static const unsigned char sample_79[] = {
#embed "../../Platforms/twilio/samples/call-form.http"
};
static const unsigned char sample_80[] = {
#embed "../../Platforms/twilio/samples/json-body.http"
};
static const unsigned char sample_81[] = {
#embed "../../Platforms/twilio/samples/message-status.http"
};
static const unsigned char sample_82[] = {
#embed "../../Platforms/twilio/samples/shared-key.http"
};
static const unsigned char sample_83[] = {
#embed "../../Platforms/twitch/samples/channel-follow.http"
};
static const unsigned char sample_84[] = {
#embed "../../Platforms/twitch/samples/revocation.http"
};
static const unsigned char sample_85[] = {
#embed "../../Platforms/typeform/samples/form-response.http"
};
static const unsigned char sample_86[] = {
#embed "../../Platforms/woocommerce/samples/order-created.http"
};
static const unsigned char sample_87[] = {
#embed "../../Platforms/x/samples/account-activity-favorite.http"
};
static const unsigned char sample_88[] = {
#embed "../../Platforms/x/samples/account-activity-mention.http"
};
static const unsigned char sample_89[] = {
#embed "../../Platforms/x/samples/account-activity-revoke.http"
};
static const unsigned char sample_90[] = {
#embed "../../Platforms/x/samples/account-activity-two-messages.http"
};
static const unsigned char sample_91[] = {
#embed "../../Platforms/x/samples/account-activity-unfollow.http"
};
static const unsigned char sample_92[] = {
#embed "../../Platforms/x/samples/activity-negative-id.http"
};
static const unsigned char sample_93[] = {
#embed "../../Platforms/x/samples/activity-post-create.http"
};
static const unsigned char sample_94[] = {
#embed "../../Platforms/x/samples/filtered-stream-two-rules.http"
};
static const unsigned char sample_95[] = {
#embed "../../Platforms/x/samples/unknown-product.http"
};
static const unsigned char sample_96[] = {
#embed "../../Platforms/youtube-websub/samples/two-videos-and-a-deletion-sha512.http"
};
static const unsigned char sample_97[] = {
#embed "../../Platforms/youtube-websub/samples/video.http"
};
static const unsigned char sample_98[] = {
#embed "../../Platforms/zendesk/samples/ticket-created.http"
};
static const unsigned char sample_99[] = {
#embed "../../Platforms/zendesk/samples/trigger-with-its-own-body.http"
};
static const unsigned char sample_100[] = {
#embed "../../Platforms/zoom/samples/meeting-started.http"
};

const struct postern_file postern_samples[] = {
    {"adyen/authorisation", sample_0, sizeof sample_0},
    {"adyen/platform-notification", sample_1, sizeof sample_1},
    {"adyen/two-items", sample_2, sizeof sample_2},
    {"box/file-uploaded", sample_3, sizeof sample_3},
    {"box/only-the-secondary-key", sample_4, sizeof sample_4},
    {"calendly/invitee-created", sample_5, sizeof sample_5},
    {"docusign/envelope-completed", sample_6, sizeof sample_6},
    {"docusign/second-of-two-keys", sample_7, sizeof sample_7},
    {"docusign/xml-envelope", sample_8, sizeof sample_8},
    {"dropbox/two-accounts", sample_9, sizeof sample_9},
    {"github/issue-opened", sample_10, sizeof sample_10},
    {"github/ping", sample_11, sizeof sample_11},
    {"github/push", sample_12, sizeof sample_12},
    {"github/push-as-form", sample_13, sizeof sample_13},
    {"gitlab/merge-request-opened", sample_14, sizeof sample_14},
    {"gitlab/push", sample_15, sizeof sample_15},
    {"gitlab/push-signed", sample_16, sizeof sample_16},
    {"gitlab/system-hook", sample_17, sizeof sample_17},
    {"google-ads-lead/changed-body-still-passes", sample_18, sizeof sample_18},
    {"google-ads-lead/lead", sample_19, sizeof sample_19},
    {"google-ads-lead/test-lead", sample_20, sizeof sample_20},
    {"hubspot/legacy-v1", sample_21, sizeof sample_21},
    {"hubspot/two-accounts-in-one-request", sample_22, sizeof sample_22},
    {"intercom/conversation-created", sample_23, sizeof sample_23},
    {"klaviyo/opened-email", sample_24, sizeof sample_24},
    {"linear/comment-created", sample_25, sizeof sample_25},
    {"linkedin/lead-created", sample_26, sizeof sample_26},
    {"linkedin/social-actions", sample_27, sizeof sample_27},
    {"linkedin/unknown-type", sample_28, sizeof sample_28},
    {"mailchimp-marketing/subscribe", sample_29, sizeof sample_29},
    {"mailchimp-transactional/send-and-open", sample_30, sizeof sample_30},
    {"mailgun/changed-body-still-passes", sample_31, sizeof sample_31},
    {"mailgun/delivered", sample_32, sizeof sample_32},
    {"mailgun/legacy-form", sample_33, sizeof sample_33},
    {"meta/changed-fields-without-values", sample_34, sizeof sample_34},
    {"meta/feed-comment", sample_35, sizeof sample_35},
    {"meta/feed-escaped-unicode", sample_36, sizeof sample_36},
    {"meta/instagram-comment", sample_37, sizeof sample_37},
    {"meta/leadgen", sample_38, sizeof sample_38},
    {"meta/messaging-three-in-one-entry", sample_39, sizeof sample_39},
    {"meta/two-pages-in-one-request", sample_40, sizeof sample_40},
    {"meta/whatsapp-message", sample_41, sizeof sample_41},
    {"meta/whatsapp-template-and-unknown-entry", sample_42, sizeof sample_42},
    {"meta/whatsapp-two-statuses", sample_43, sizeof sample_43},
    {"microsoft-graph/ids-etags-and-lifecycle", sample_44, sizeof sample_44},
    {"microsoft-graph/two-notifications", sample_45, sizeof sample_45},
    {"paddle/transaction-completed", sample_46, sizeof sample_46},
    {"shopify/events-header-family", sample_47, sizeof sample_47},
    {"shopify/order-created", sample_48, sizeof sample_48},
    {"slack/app-mention", sample_49, sizeof sample_49},
    {"slack/button-pressed", sample_50, sizeof sample_50},
    {"slack/slash-command", sample_51, sizeof sample_51},
    {"snapchat/late-is-still-accepted", sample_52, sizeof sample_52},
    {"snapchat/lead", sample_53, sizeof sample_53},
    {"snapchat/lead-preferred-status", sample_54, sizeof sample_54},
    {"snapchat/test-lead", sample_55, sizeof sample_55},
    {"square/test-notification", sample_56, sizeof sample_56},
    {"standard-webhooks/contact-created", sample_57, sizeof sample_57},
    {"standard-webhooks/several-signatures-two-secrets", sample_58, sizeof sample_58},
    {"standard-webhooks/svix-header-names", sample_59, sizeof sample_59},
    {"standard-webhooks/text-key", sample_60, sizeof sample_60},
    {"stripe/payment-intent-succeeded", sample_61, sizeof sample_61},
    {"stripe/secret-being-rolled", sample_62, sizeof sample_62},
    {"svix/contact-created", sample_63, sizeof sample_63},
    {"svix/no-type-in-the-body", sample_64, sizeof sample_64},
    {"svix/standard-header-names", sample_65, sizeof sample_65},
    {"telegram/callback-query-of-a-named-bot", sample_66, sizeof sample_66},
    {"telegram/kind-of-tomorrow", sample_67, sizeof sample_67},
    {"telegram/message", sample_68, sizeof sample_68},
    {"tiktok-ads-lead/lead-outside-ascii", sample_69, sizeof sample_69},
    {"tiktok-ads-lead/other-product-url-only", sample_70, sizeof sample_70},
    {"tiktok-ads-lead/two-leads", sample_71, sizeof sample_71},
    {"tiktok-business/direct-message", sample_72, sizeof sample_72},
    {"tiktok-business/direct-message-eu-stripped", sample_73, sizeof sample_73},
    {"tiktok-business/post-published", sample_74, sizeof sample_74},
    {"tiktok-developers/authorization-removed", sample_75, sizeof sample_75},
    {"tiktok-developers/portability-ready", sample_76, sizeof sample_76},
    {"tiktok-developers/video-upload-failed", sample_77, sizeof sample_77},
    {"tiktok-shop/order-status-change", sample_78, sizeof sample_78},
    {"twilio/call-form", sample_79, sizeof sample_79},
    {"twilio/json-body", sample_80, sizeof sample_80},
    {"twilio/message-status", sample_81, sizeof sample_81},
    {"twilio/shared-key", sample_82, sizeof sample_82},
    {"twitch/channel-follow", sample_83, sizeof sample_83},
    {"twitch/revocation", sample_84, sizeof sample_84},
    {"typeform/form-response", sample_85, sizeof sample_85},
    {"woocommerce/order-created", sample_86, sizeof sample_86},
    {"x/account-activity-favorite", sample_87, sizeof sample_87},
    {"x/account-activity-mention", sample_88, sizeof sample_88},
    {"x/account-activity-revoke", sample_89, sizeof sample_89},
    {"x/account-activity-two-messages", sample_90, sizeof sample_90},
    {"x/account-activity-unfollow", sample_91, sizeof sample_91},
    {"x/activity-negative-id", sample_92, sizeof sample_92},
    {"x/activity-post-create", sample_93, sizeof sample_93},
    {"x/filtered-stream-two-rules", sample_94, sizeof sample_94},
    {"x/unknown-product", sample_95, sizeof sample_95},
    {"youtube-websub/two-videos-and-a-deletion-sha512", sample_96, sizeof sample_96},
    {"youtube-websub/video", sample_97, sizeof sample_97},
    {"zendesk/ticket-created", sample_98, sizeof sample_98},
    {"zendesk/trigger-with-its-own-body", sample_99, sizeof sample_99},
    {"zoom/meeting-started", sample_100, sizeof sample_100},
};
const size_t postern_sample_count = sizeof postern_samples / sizeof postern_samples[0];
