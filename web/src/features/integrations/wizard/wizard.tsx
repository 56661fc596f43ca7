import { Button, Card, Group, Stack, Stepper, Title } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import type { Credential } from "@nephoscope/contract";
import { getRouteApi } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { focusFirstProblem } from "../../../ui/focus.ts";
import { CredentialFormDrawer } from "../../credentials/credential-form-drawer.tsx";
import { type IntegrationFormValues, problemsOfValues } from "../form-values.ts";
import { IdentityFields } from "../identity-fields.tsx";
import { useSaveIntegration } from "../use-save-integration.ts";
import { CollectStep } from "./collect-step.tsx";
import { ReviewStep } from "./review-step.tsx";
import { searchOfValues, valuesOfSearch, type WizardSearch, wizardSearchOf } from "./search.ts";
import { ServiceStep } from "./service-step.tsx";
import { furthestStep, indexOfStep, problemsOfStep, type StepId, stepIds, stepTitles } from "./steps.ts";
import classes from "./wizard.module.css";

const path = "/integrations/add";
const routeApi = getRouteApi(path);

export function Wizard({ credentials }: { credentials: Credential[] }) {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const element = useRef<HTMLFormElement>(null);
  const [adding, drawer] = useDisclosure(false);
  const onlyCredential = credentials.length === 1 ? credentials[0]?.id : undefined;
  const form = useForm<IntegrationFormValues>({
    initialValues: valuesOfSearch(search, onlyCredential ?? null),
    validate: problemsOfValues,
  });
  const problems = problemsOfValues(form.values);
  const furthest = furthestStep(problems);
  const wanted = search.step ?? "service";
  const step = indexOfStep(wanted) > indexOfStep(furthest) ? furthest : wanted;
  const goTo = (next: StepId) => void navigate({ search: searchOfValues(next, form.values) });
  useAddressOf(step, form.values);
  const heading = useFocusOnStep(step);
  const saving = useSaveIntegration({
    form,
    stored: undefined,
    onSaved: ({ id }) => void navigate({ to: "/integrations/$id", params: { id } }),
    onRefused: (errors) => {
      const first = furthestStep(errors);
      if (first !== step) goTo(first);
      focusFirstProblem(element.current);
    },
  });
  const last = step === "review";
  const goOn = () => {
    const own = problemsOfStep(step, problems);
    form.setErrors(own);
    if (Object.keys(own).length > 0) focusFirstProblem(element.current);
    else if (last) saving.mutate();
    else goTo(stepIds[indexOfStep(step) + 1] ?? step);
  };
  return (
    <>
      <Steps step={step} furthest={furthest} onStep={goTo} />
      <form
        ref={element}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          goOn();
        }}
      >
        <Stack gap="md" mt="lg">
          <Title order={2} size="h5" ref={heading} tabIndex={-1} className={classes.heading}>
            {stepTitles[step]}
          </Title>
          <StepFields
            step={step}
            form={form}
            credentials={credentials}
            onStep={goTo}
            onAddCredential={drawer.open}
          />
        </Stack>
        <div className={classes.footer}>
          {saving.isError && (
            <Stack mb="sm">
              <ErrorPanel
                error={saving.error}
                title="Not saved"
                hideFields={Object.keys(form.errors).length > 0}
              />
            </Stack>
          )}
          <Group justify="space-between" gap="xs">
            <Button
              variant="default"
              disabled={step === "service" || saving.isPending}
              onClick={() => goTo(stepIds[indexOfStep(step) - 1] ?? step)}
            >
              Back
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {last ? "Add integration" : "Next"}
            </Button>
          </Group>
        </div>
      </form>
      {/* Beside the form and not in it, whose submission it would otherwise be. */}
      <CredentialFormDrawer
        opened={adding}
        stored={undefined}
        onClose={drawer.close}
        onSaved={(credential) => {
          form.setFieldValue("credentialId", credential.id);
          drawer.close();
        }}
      />
    </>
  );
}

interface StepsProps {
  step: StepId;
  furthest: StepId;
  onStep: (step: StepId) => void;
}

function Steps({ step, furthest, onStep }: StepsProps) {
  return (
    <Stepper
      active={indexOfStep(step)}
      onStepClick={(index) => onStep(stepIds[index] ?? step)}
      size="sm"
      wrap={false}
      classNames={{ stepBody: classes.stepLabels ?? "" }}
    >
      {stepIds.map((id) => (
        <Stepper.Step
          key={id}
          label={stepTitles[id]}
          aria-label={stepTitles[id]}
          aria-current={id === step ? "step" : undefined}
          allowStepSelect={indexOfStep(id) <= indexOfStep(furthest)}
        />
      ))}
    </Stepper>
  );
}

interface StepFieldsProps {
  step: StepId;
  form: UseFormReturnType<IntegrationFormValues>;
  credentials: Credential[];
  onStep: (step: StepId) => void;
  onAddCredential: () => void;
}

function StepFields({ step, form, credentials, onStep, onAddCredential }: StepFieldsProps) {
  if (step === "service") return <ServiceStep />;
  if (step === "credential") {
    return (
      <Card withBorder maw={860}>
        <IdentityFields form={form} credentials={credentials} onAddCredential={onAddCredential} />
      </Card>
    );
  }
  if (step === "collect") return <CollectStep form={form} />;
  return <ReviewStep form={form} credentials={credentials} onStep={onStep} />;
}

/** Typing is over when nothing was typed for so long; the address follows then. */
const pauseMillis = 400;

/** Keeps the address at what the form says, without a history entry for every letter. */
function useAddressOf(step: StepId, values: IntegrationFormValues): void {
  const navigate = routeApi.useNavigate();
  const search = routeApi.useSearch();
  const said = searchOfValues(step, values);
  const differs = JSON.stringify(said) !== JSON.stringify(searchOfValues(step, valuesOfSearch(search, null)));
  const text = JSON.stringify(said);
  useEffect(() => {
    if (!differs) return;
    const timer = setTimeout(() => {
      // The page may be on its way out, or at another step, while this one is still drawn.
      if (window.location.pathname !== path) return;
      const values = JSON.parse(text) as WizardSearch;
      void navigate({ search: (now) => wizardSearchOf({ ...values, step: now.step }), replace: true });
    }, pauseMillis);
    return () => clearTimeout(timer);
  }, [differs, text, navigate]);
}

/** A new step is announced by its heading, which takes the focus; the first one leaves it where it is. */
function useFocusOnStep(step: StepId): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    window.scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  return heading;
}
